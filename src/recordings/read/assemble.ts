/**
 * Where the three formats meet: entries as they stood in a file become a recording that keeps its promises
 * (time order, pauses and resumes in turn), or a reason why they cannot.
 */

import type { LeftOut } from '#recordings/left-out.ts'
import { type Recording, type RecordingEntry, timeOf } from '#recordings/recording.ts'
import type { Position } from '#ride/position.ts'
import { gpsBeganAt, leftOutOf, type Place, type RecordedPoint, withoutTheirPlace } from './point.ts'
import { whyNoRide } from './sport.ts'

export type ReadOutcome =
  | {
      readonly outcome: 'read'
      readonly recording: Recording
      /** What of the file is not in it. */
      readonly leftOut: readonly LeftOut[]
      /** Positions of the recording whose place is not in it, because it is none on Earth. */
      readonly lostPlaces: ReadonlySet<Position>
    }
  /** `reason` says what is wrong with the file and what to do about it. */
  | { readonly outcome: 'refused'; readonly reason: string }

/**
 * What a file says about its ride as a whole, where it says it. Times in milliseconds since 1970-01-01 UTC.
 */
export interface Summary {
  readonly name?: string | undefined
  /** The file's words for what was done, of each part that has one. */
  readonly sports?: readonly string[]
  readonly startedAt?: number | undefined
  readonly endedAt?: number | undefined
  /** All that were read. */
  readonly points: readonly RecordedPoint[]
}

export function refused(reason: string): ReadOutcome {
  return { outcome: 'refused', reason }
}

/**
 * Makes a recording of a file's entries. Refuses those of another sport, those without a sample, and those without a single
 * fix.
 */
export function assemble(read: readonly RecordingEntry[], summary: Summary): ReadOutcome {
  const whyNot = whyNoRide(summary.sports ?? [])
  if (whyNot !== undefined) return refused(whyNot)
  const fileOrder = read.filter((entry) => timeOf(entry) >= gpsBeganAt)
  // Stable: at equal times the file's order stands. Devices correct their clock in mid-ride, exporters join
  // tracks.
  const entries = takingTurns(fileOrder.toSorted((a, b) => timeOf(a) - timeOf(b)))
  const samples = entries.filter((entry) => entry.kind === 'position')
  if (samples.length === 0) {
    if (read.some(({ kind }) => kind === 'position')) return refused(clockWasNotSet)
    return refused('The file holds no sample with a time. Export the recorded activity, not a planned route.')
  }
  if (!samples.some((sample) => sample.position.latitude !== undefined)) {
    const outOfRange = summary.points.find((point) => point.outOfRange !== undefined)?.outOfRange
    if (outOfRange !== undefined) return refused(whyNoPlace(outOfRange))
    return refused(
      'The file holds no position: no sample of it had a fix. An indoor activity cannot be shown on a map.',
    )
  }
  const startedAt = beginning(timeOf(entries[0]!), summary.startedAt)
  const endedAt = Math.max(startedAt, ending(entries, summary.endedAt))
  if (entries.at(-1)?.kind === 'pause' && timeOf(entries.at(-1)!) >= endedAt) entries.pop()
  const recording = { name: summary.name, startedAt, endedAt, entries }
  const { points } = summary
  return { outcome: 'read', recording, leftOut: leftOutOf(points), lostPlaces: withoutTheirPlace(points) }
}

const clockWasNotSet =
  'All samples of the file are from before 1980, when there was no GPS: the clock of its device was not set. ' +
  'Correct the times, then send it again.'

function whyNoPlace({ latitude, longitude }: Place): string {
  return (
    `The file holds no position: its coordinates are out of range, such as latitude ${latitude}, longitude ` +
    `${longitude}. A latitude is -90 to 90, a longitude -180 to 180; where the two were swapped, swap them back.`
  )
}

/**
 * Devices round a sample's time to whole seconds and the length of the ride finer, or the other way about.
 */
const roundingMs = 2_500
/** A summary further from the samples than this was written by a clock gone wrong. */
const longestIdleMs = 24 * 3_600_000

function beginning(first: number, stated: number | undefined): number {
  if (stated === undefined || stated > first || first - stated > longestIdleMs) return first
  return stated
}

/** Samples of a last pause may lie behind the end: the device still recorded while its rider chose Save. */
function ending(entries: readonly RecordingEntry[], stated: number | undefined): number {
  const last = timeOf(entries.at(-1)!)
  if (
    stated === undefined ||
    stated < lastWhileRunning(entries) - roundingMs ||
    stated - last > longestIdleMs
  ) {
    return last
  }
  return stated
}

function lastWhileRunning(entries: readonly RecordingEntry[]): number {
  let paused = false
  let last = Number.NEGATIVE_INFINITY
  for (const entry of entries) {
    if (entry.kind === 'pause') paused = true
    if (entry.kind === 'resume') paused = false
    if (!paused || entry.kind === 'pause') last = timeOf(entry)
  }
  return last
}

function takingTurns(entries: readonly RecordingEntry[]): RecordingEntry[] {
  let paused = false
  return entries.filter((entry) => {
    if (entry.kind === 'position') return true
    const changes = paused !== (entry.kind === 'pause')
    if (changes) paused = !paused
    return changes
  })
}
