/**
 * A ride that never was: a hilly loop with stops, pauses, a tunnel, and sensors as noisy as real ones. The
 * same seed makes the same ride, so tests, demonstrations and benchmarks need no recordings of real people.
 */

import { sampleOf } from '#recordings/read/sample.ts'
import type { Recording, RecordingEntry } from '#recordings/recording.ts'
import { loopAround, metresPerDegree, type Place } from './simulate-loop.ts'
import { randomFrom } from './simulate-random.ts'

export interface SimulatedRide {
  /** Any integer; tells one ride from another. */
  readonly seed: number
  /** Where the loop begins and ends. */
  readonly start: Place
  /** Milliseconds since 1970-01-01 UTC. */
  readonly startedAt: number
  /** Seconds by the device's timer, which stands still in pauses. */
  readonly duration: number
  /** Seconds between two samples; 1 unless given. */
  readonly interval?: number
}

/** Rider, bicycle and air, for the power that a speed takes. */
const mass = 82
const gravity = 9.81
const rollingResistance = 0.005
const airDrag = 0.5 * 1.2 * 0.32

/** Seconds between two stops at a light or a crossing, and between two pauses, on average. */
const secondsBetweenStops = 240
const secondsBetweenPauses = 1_200
/** Seconds without a fix, once in the ride: a tunnel. */
const tunnel = 12

export function simulateRide(ride: SimulatedRide): Recording {
  const { seed, start, startedAt, duration, interval = 1 } = ride
  const random = randomFrom(seed)
  const loop = loopAround(start, random)
  const tunnelFrom = Math.round(duration * (0.3 + 0.4 * random()))
  const entries: RecordingEntry[] = []

  let pausedFor = 0
  let distance = 0
  let speed = 0
  let standingFor = 0
  let heartRate = 95
  const drift = { north: 0, east: 0 }

  for (let timer = 0; timer <= duration; timer += interval) {
    if (timer > 0 && timer < duration && random() < interval / secondsBetweenPauses) {
      const at = startedAt + Math.round((timer + pausedFor) * 1_000)
      const length = 30 + Math.round(600 * random())
      entries.push({ kind: 'pause', at }, { kind: 'resume', at: at + length * 1_000 })
      pausedFor += length
      speed = 0
    }
    if (standingFor > 0) standingFor -= interval
    else if (random() < interval / secondsBetweenStops) standingFor = 8 + Math.round(50 * random())

    const { slope, ...place } = loop.at(distance)
    const wanted = standingFor > 0 ? 0 : Math.min(17, Math.max(2.2, 8.2 - 75 * slope + random.normal() * 0.4))
    speed += (wanted - speed) * Math.min(1, interval / (wanted < speed ? 3 : 8))
    if (wanted === 0 && speed < 0.3) speed = 0
    distance += speed * interval

    const effort = speed * (mass * gravity * (rollingResistance + slope) + airDrag * speed * speed)
    const power = speed === 0 ? 0 : Math.max(0, effort * (1 + 0.12 * random.normal()))
    heartRate += (Math.min(185, 98 + 0.32 * power) - heartRate) * Math.min(1, interval / 35)
    // The error of a fix wanders: it is a few metres, but nearly the same from one second to the next.
    drift.north = 0.95 * drift.north + 0.4 * random.normal()
    drift.east = 0.95 * drift.east + 0.4 * random.normal()
    const fixed = timer < tunnelFrom || timer >= tunnelFrom + tunnel
    const scale = metresPerDegree(place.latitude)
    const fix = {
      latitude: place.latitude + drift.north / scale.latitude,
      longitude: place.longitude + drift.east / scale.longitude,
      accuracy: 3 + Math.round(Math.abs(random.normal()) * 2),
    }
    const position = sampleOf(startedAt + Math.round((timer + pausedFor) * 1_000), {
      ...(fixed ? fix : {}),
      altitude: rounded(place.altitude + 0.3 * random.normal(), 5),
      speed: rounded(speed, 1_000),
      heartRate,
      cadence: power === 0 ? 0 : 84 + 5 * random.normal() - 180 * slope,
      power,
      battery: rounded(1 - (0.6 * timer) / Math.max(duration, 36_000), 100),
    })
    entries.push({ kind: 'position', position })
  }
  const endedAt = startedAt + (duration + pausedFor) * 1_000
  return { name: `Simulated loop ${seed}`, startedAt, endedAt, entries }
}

/** To the device's own step, so many to a unit: sensors do not say more. */
function rounded(value: number, stepsPerUnit: number): number {
  return Math.round(value * stepsPerUnit) / stepsPerUnit
}
