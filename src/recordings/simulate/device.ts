/**
 * What a rider's device says of him: a place that is some metres off, a heart that follows the legs, a battery that runs down.
 * Not everybody has every sensor.
 */

import { sampleOf } from '#recordings/read/sample.ts'
import type { Position } from '#ride/position.ts'
import { metresPerDegree } from '#ride/track/geodesy.ts'
import type { Rider, RiderTraits } from './rider.ts'
import type { Random } from './simulate-random.ts'

export interface Device {
  /** A sample at a time in milliseconds since 1970-01-01 UTC, one second after the last. */
  readonly sample: (at: number, rider: Rider) => Position
  /** The rider has a break of so many seconds. */
  readonly rest: (seconds: number) => void
}

export interface Sensors {
  readonly heartRate: boolean
  readonly cadence: boolean
  readonly power: boolean
}

/** As riders have them: a phone alone, or with a strap, or all. */
export function sensorsOf(random: Random): Sensors {
  const power = random() < 0.45
  return { heartRate: power || random() < 0.6, cadence: power || random() < 0.35, power }
}

/** Seconds in which a heart comes two thirds of the way to what the legs ask for. */
const heartLag = 35
const restingHeart = 88
/** At the threshold. */
const workingHeart = 168

export function deviceOf({ threshold }: RiderTraits, sensors: Sensors, random: Random): Device {
  let heartRate = restingHeart + 10 * random()
  let charge = 0.35 + 0.65 * random()
  const drainPerSecond = (0.04 + 0.14 * random()) / 3_600
  const drift = { north: 0, east: 0, up: 0 }
  const sky = 2.5 + 3 * random()
  const pedalling = 82 + 12 * random()

  return {
    sample: (at, rider) => {
      const { place, speed, power } = rider
      const wanted = restingHeart + (workingHeart - restingHeart) * Math.min(1.2, power / threshold)
      heartRate += (wanted - heartRate) / heartLag
      charge = Math.max(0.02, charge - drainPerSecond)
      // The error of a fix wanders: it is a few metres, but nearly the same from one second to the next.
      drift.north = 0.985 * drift.north + 0.25 * random.normal()
      drift.east = 0.985 * drift.east + 0.25 * random.normal()
      drift.up = 0.99 * drift.up + 0.04 * random.normal()
      const { metresNorth, metresEast } = metresPerDegree(place.latitude)
      const cadence = power === 0 ? 0 : Math.max(45, pedalling + 2 * random.normal() - 220 * place.slope)
      return sampleOf(at, {
        latitude: toStep(place.latitude + drift.north / metresNorth, 1e6),
        longitude: toStep(place.longitude + drift.east / metresEast, 1e6),
        altitude: toStep(place.altitude + drift.up, 5),
        speed: toStep(speed, 100),
        heading: toStep(place.heading, 1) % 360,
        accuracy: toStep(sky + 0.4 * Math.abs(random.normal()), 10),
        battery: toStep(charge, 100),
        ...(sensors.heartRate && { heartRate: heartRate + 0.5 * random.normal() }),
        ...(sensors.cadence && { cadence }),
        ...(sensors.power && { power }),
      })
    },
    rest: (seconds) => {
      heartRate = restingHeart + (heartRate - restingHeart) * Math.exp(-seconds / 90)
      charge = Math.max(0.02, charge - (drainPerSecond * seconds) / 4)
    },
  }
}

/** To the device's own step, so many to a unit: sensors do not say more. */
function toStep(value: number, stepsPerUnit: number): number {
  return Math.round(value * stepsPerUnit) / stepsPerUnit
}
