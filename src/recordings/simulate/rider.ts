/**
 * Somebody on a bicycle: the power that he gives, and how fast it makes him.
 *
 * The speed follows from the power by the model of Martin, Milliken, Cobb, McFadden and Coggan, "Validation of a Mathematical
 * Model for Road Cycling Power", Journal of Applied Biomechanics 14 (1998) 276-291, without wind and bearings:
 *
 *     η P = v (m g (sin β + Crr cos β) + ½ ρ CdA v² + (m + I / r²) dv/dt)
 */

import { fastest, type Road, type RoadPlace } from './road.ts'
import type { Random } from './simulate-random.ts'

export interface RiderTraits {
  /** Rider and bicycle, in kilograms. */
  readonly mass: number
  /** Drag area, in square metres: CdA. */
  readonly dragArea: number
  /** Crr. */
  readonly rollingResistance: number
  /** What he can keep up for an hour, in watts. */
  readonly threshold: number
  /** Which part of that he gives on the flat. */
  readonly effort: number
}

export interface Rider {
  /** Metres ridden. */
  readonly distance: number
  /** Metres a second. */
  readonly speed: number
  /** Watts, as a meter at the crank has them; 0 while he coasts. */
  readonly power: number
  /** Where he is. */
  readonly place: RoadPlace
  /** One second goes by, at so many seconds since 1970. He stands once he has come to a halt where he `halts`. */
  readonly ride: (seconds: number, halts: boolean) => void
}

const gravity = 9.81
/** At 15 °C and 300 m, in kilograms a cubic metre. */
const airDensity = 1.19
/** η: what the chain loses. */
const efficiency = 0.976
/** I / r²: what the wheels add to the mass while it is accelerated, in kilograms. */
const turningWheels = 1.45
/** How hard he brakes where he has seen it come, in metres a second squared. */
const braking = 1.8
/** Below this speed his legs, not his power, are the limit: no more force than this power gives there. */
const slowest = 2
/** Steps of reckoning in a second: within 1 % of a hundred. */
const substeps = 4

export function riderOf(random: Random): RiderTraits {
  return {
    mass: 68 + 28 * random(),
    dragArea: 0.28 + 0.1 * random(),
    rollingResistance: 0.004 + 0.002 * random(),
    threshold: 150 + 160 * random(),
    effort: 0.6 + 0.25 * random(),
  }
}

/** Sets out on a road, so many metres from where that begins. */
export function setOut(traits: RiderTraits, road: Road, from: number, random: Random): Rider {
  let distance = 0
  let speed = 0
  let power = 0
  let mood = 0
  let place = road.at(from)

  function ride(seconds: number, halts: boolean): void {
    mood = 0.9 * mood + 0.04 * random.normal()
    const limit = Math.min(place.safeSpeed, halts ? 0 : fastest, speedForLights(seconds))
    const wanted = speed > 0.95 * limit ? 0 : wantedPower(traits, place.slope, speed) * (1 + mood)
    power = limit === 0 ? 0 : Math.max(0, power + clamp(wanted - power, -150, 80))
    const slowestNow = Math.max(limit, speed - braking)
    for (let step = 0; step < substeps; step++) {
      speed = Math.max(0, speed + acceleration(traits, power, place.slope, speed) / substeps)
      // The brakes hold what the hill or the legs would give beyond what he wants.
      speed = Math.min(speed, slowestNow)
      distance += speed / substeps
    }
    if (limit === 0 && speed < 1) speed = 0
    place = road.at(from + distance)
  }

  /** What the next light that is red asks for. */
  function speedForLights(seconds: number): number {
    const around = (from + distance) % road.length
    const light = road.lights.find(({ metres }) => metres > around)
    if (light === undefined) return fastest
    const gap = light.metres - around
    if (gap > 120 || !light.isRed(seconds)) return fastest
    // Who could not stop any more rides on.
    if (speed * speed > 2 * 3 * gap) return fastest
    return gap < 4 ? 0 : Math.max(1.2, Math.sqrt(2 * braking * (gap - 3)) - 1)
  }

  return {
    get distance() {
      return distance
    },
    get speed() {
      return speed
    },
    get power() {
      return Math.round(power)
    },
    get place() {
      return place
    },
    ride,
  }
}

/** More where it rises, less where it falls, none where he is fast enough by himself. */
function wantedPower({ threshold, effort }: RiderTraits, slope: number, speed: number): number {
  if (speed > 12 && slope < -0.015) return 0
  return threshold * clamp(effort + 6 * slope, 0, 1.15)
}

function acceleration(traits: RiderTraits, power: number, slope: number, speed: number): number {
  const { mass, dragArea, rollingResistance } = traits
  const cosine = 1 / Math.sqrt(1 + slope * slope)
  const drive = (efficiency * power) / Math.max(slowest, speed)
  const weight = mass * gravity * cosine * (slope + rollingResistance)
  const air = 0.5 * airDensity * dragArea * speed * speed
  return (drive - weight - air) / (mass + turningWheels)
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value))
}
