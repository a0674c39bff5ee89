/** A ride on a simulated road, second by second as it happens: it can be recorded whole, or sent while it is ridden. */

import type { Recording, RecordingEntry } from '#recordings/recording.ts'
import { deviceOf, type Sensors } from './device.ts'
import { type RiderTraits, setOut } from './rider.ts'
import type { Road } from './road.ts'
import type { Random } from './simulate-random.ts'

export interface Outing {
  readonly road: Road
  /** Where on it he sets out, in metres. */
  readonly from: number
  /** How far he goes, in metres: once around, unless told otherwise. */
  readonly distance?: number
  readonly rider: RiderTraits
  readonly sensors: Sensors
  /** Milliseconds since 1970-01-01 UTC. */
  readonly startedAt: number
  readonly random: Random
}

/** Seconds between two breaks, on average. */
const secondsBetweenBreaks = 1_500
/** In seconds: to eat, or to mend a tyre; and to sit down somewhere. */
const shortBreak = [40, 240] as const
const longBreak = [420, 1_300] as const
const longBreaks = 0.25
/** Nobody rides longer, in seconds of riding; it bounds what chance could make endless. */
const longestRide = 16 * 3_600

/** Samples a second apart, the last of them where he has arrived, and the breaks between them. */
export function* entriesOf(outing: Outing): Generator<RecordingEntry, void, undefined> {
  const { road, from, distance = road.length, startedAt, random } = outing
  const rider = setOut(outing.rider, road, from, random)
  const device = deviceOf(outing.rider, outing.sensors, random)
  let at = startedAt
  let wantsBreak = false
  for (let ridden = 0; ridden < longestRide; ridden++) {
    yield { kind: 'position', position: device.sample(at, rider) }
    const arrives = rider.distance >= distance
    if (arrives && rider.speed === 0) return
    if (wantsBreak && rider.speed === 0) {
      wantsBreak = false
      const length = breakLength(random)
      yield { kind: 'pause', at }
      at += length * 1_000
      yield { kind: 'resume', at }
      device.rest(length)
    }
    // Not shortly before he is there.
    if (rider.distance < distance - 500) wantsBreak ||= random() < 1 / secondsBetweenBreaks
    rider.ride(at / 1_000, arrives || wantsBreak)
    at += 1_000
  }
}

/** The whole of it, as a device would have recorded it. */
export function recordingOf(outing: Outing, name: string): Recording {
  const entries = [...entriesOf(outing)]
  const last = entries.at(-1)
  const endedAt = last?.kind === 'position' ? last.position.at : outing.startedAt
  return { name, startedAt: outing.startedAt, endedAt, entries }
}

function breakLength(random: Random): number {
  const [least, most] = random() < longBreaks ? longBreak : shortBreak
  return Math.round(least + (most - least) * random())
}
