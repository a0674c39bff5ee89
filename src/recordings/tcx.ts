/**
 * Garmin's Training Center XML, version 2: an activity of laps, a lap of tracks, a track of points. A new
 * track in a lap means that the timer stood still in between; a new lap need not.
 */

import type { Element } from '@xmldom/xmldom'
import { assemble, type ReadOutcome, refused } from './assemble.ts'
import type { RecordingEntry } from './recording.ts'
import { type Place, placeOutOfRange, sampleOf } from './sample.ts'
import { childrenNamed, childText, descendantNamed, instantOf, numberOf } from './xml.ts'

type Sample = Extract<RecordingEntry, { kind: 'position' }>
type Stretch = readonly Sample[]

interface Lap {
  readonly startedAt: number | undefined
  /** By the device's timer, in milliseconds; undefined where the lap does not say. */
  readonly timer: number | undefined
  readonly stretches: readonly Stretch[]
}

/** A press of the lap button takes no time; what is longer between two laps than this was a pause. */
const lapPressMs = 2_000

/** Reads the one activity of a TCX document; a point without a Position is a sample without a fix. */
export function readTcx(root: Element): ReadOutcome {
  const activities = childrenNamed(root, 'Activities').flatMap((list) => childrenNamed(list, 'Activity'))
  const ridden = activities.filter((activity) => descendantNamed(activity, 'Trackpoint') !== undefined)
  if (ridden.length === 0) {
    return refused(
      'The TCX file holds no activity with a track: a course or a workout. Export a recorded activity.',
    )
  }
  if (ridden.length > 1) {
    return refused(`The TCX file holds ${ridden.length} activities. Export each into a file of its own.`)
  }
  const laps = childrenNamed(ridden[0]!, 'Lap').map(lapOf)
  const recorded = laps.filter((lap) => lap.stretches.length > 0)
  if (recorded.length === 0) {
    return refused('The points of the TCX file have no times. Export the recorded activity again.')
  }
  const last = recorded.at(-1)!
  const lastSample = last.stretches.at(-1)!.at(-1)!.position.at
  return assemble(entriesOf(recorded), {
    outOfRange: outOfRange(ridden[0]!),
    startedAt: recorded[0]!.startedAt,
    endedAt: Math.max(lastSample, (last.startedAt ?? lastSample) + (last.timer ?? 0)),
  })
}

function entriesOf(laps: readonly Lap[]): RecordingEntry[] {
  const entries: RecordingEntry[] = []
  let before: Sample | undefined
  let unpausedUntil = Number.POSITIVE_INFINITY
  for (const lap of laps) {
    const lapStart = lap.startedAt ?? lap.stretches[0]![0]!.position.at
    let pausedInLap = 0
    for (const [index, stretch] of lap.stretches.entries()) {
      const at = stretch[0]!.position.at
      const pausedFrom = before?.position.at
      const paused = index > 0 || lapStart - unpausedUntil > lapPressMs
      if (pausedFrom !== undefined && at > pausedFrom && paused) {
        entries.push({ kind: 'pause', at: pausedFrom }, { kind: 'resume', at })
        if (index > 0) pausedInLap += at - pausedFrom
      }
      entries.push(...stretch)
      before = stretch.at(-1)
    }
    unpausedUntil = lapStart + (lap.timer ?? Number.POSITIVE_INFINITY) + pausedInLap
  }
  return entries
}

function lapOf(lap: Element): Lap {
  const seconds = numberOf(childText(lap, 'TotalTimeSeconds'))
  const stretches = childrenNamed(lap, 'Track').map((track) =>
    childrenNamed(track, 'Trackpoint').flatMap(sampleIn),
  )
  return {
    startedAt: instantOf(lap.getAttribute('StartTime') ?? undefined),
    timer: seconds === undefined ? undefined : Math.round(seconds * 1_000),
    stretches: stretches.filter((stretch) => stretch.length > 0),
  }
}

function sampleIn(point: Element): Sample[] {
  const at = instantOf(childText(point, 'Time'))
  if (at === undefined) return []
  const heart = childrenNamed(point, 'HeartRateBpm')[0]
  const extensions = childrenNamed(point, 'Extensions')[0]
  const extension = (name: string): number | undefined =>
    extensions && numberOf(descendantNamed(extensions, name)?.textContent)
  const position = sampleOf(at, {
    ...placeOf(childrenNamed(point, 'Position')[0]),
    altitude: numberOf(childText(point, 'AltitudeMeters')),
    speed: extension('Speed'),
    heartRate: heart && numberOf(childText(heart, 'Value')),
    cadence: numberOf(childText(point, 'Cadence')),
    power: extension('Watts'),
  })
  return [{ kind: 'position', position }]
}

function placeOf(position: Element | undefined) {
  return {
    latitude: position && numberOf(childText(position, 'LatitudeDegrees')),
    longitude: position && numberOf(childText(position, 'LongitudeDegrees')),
  }
}

function outOfRange(activity: Element): Place | undefined {
  for (const lap of childrenNamed(activity, 'Lap')) {
    for (const track of childrenNamed(lap, 'Track')) {
      for (const point of childrenNamed(track, 'Trackpoint')) {
        const place = placeOutOfRange(placeOf(childrenNamed(point, 'Position')[0]))
        if (place !== undefined) return place
      }
    }
  }
  return undefined
}
