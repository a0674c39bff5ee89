/**
 * Garmin's Training Center XML, version 2: an activity of laps, a lap of tracks, a track of points. A new
 * track in a lap means that the timer stood still in between; a new lap need not.
 */

import type { RecordingEntry } from '#recordings/recording.ts'
import { statedReadings, statedRide } from '#recordings/ride-extension.ts'
import type { Position } from '#ride/position.ts'
import { assemble, type ReadOutcome, refused } from './assemble.ts'
import { pointOf, type RecordedPoint } from './point.ts'
import { whyNoRide } from './sport.ts'
import { childrenNamed, childText, descendantNamed, type Element, instantOf, numberOf } from './xml.ts'

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
  const activities = activitiesIn(root)
  const sports = activities.flatMap((activity) => activity.getAttribute('Sport') ?? [])
  const ridden = activities.filter((activity) => descendantNamed(activity, 'Trackpoint') !== undefined)
  if (ridden.length === 0) {
    return refused(
      'The TCX file holds no activity with a track: a course or a workout. Export a recorded activity.',
    )
  }
  if (ridden.length > 1) {
    return refused(
      whyNoRide(sports) ??
        `The TCX file holds ${ridden.length} activities. Export each into a file of its own.`,
    )
  }
  const laps = childrenNamed(ridden[0]!, 'Lap')
  const recorded = laps.map(lapOf).filter((lap) => lap.stretches.length > 0)
  if (recorded.length === 0) {
    return refused('The points of the TCX file have no times. Export the recorded activity again.')
  }
  const last = recorded.at(-1)!
  const lastSample = last.stretches.at(-1)!.at(-1)!.position.at
  const own = () => pointsIn(laps).flatMap(({ own, sample }) => sampleAs(own ?? sample))
  const stated = laps.length === 1 ? statedRide(extensionsOf(laps[0]!), own) : undefined
  return assemble(stated?.entries ?? entriesOf(recorded), {
    name: stated?.title,
    sports,
    points: pointsIn(laps),
    startedAt: stated?.startedAt ?? recorded[0]!.startedAt,
    endedAt: stated?.endedAt ?? Math.max(lastSample, (last.startedAt ?? lastSample) + (last.timer ?? 0)),
  })
}

/** A triathlon is a session of activities, and so is a change of sports on the way. */
function activitiesIn(root: Element): Element[] {
  return childrenNamed(root, 'Activities').flatMap((list) => [
    ...childrenNamed(list, 'Activity'),
    ...childrenNamed(list, 'MultiSportSession')
      .flatMap(({ children }) => children)
      .flatMap((part) => childrenNamed(part, 'Activity')),
  ])
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

function sampleIn({ point }: Element): Sample[] {
  return sampleAs(point?.sample)
}

function sampleAs(position: Position | undefined): Sample[] {
  return position === undefined ? [] : [{ kind: 'position', position }]
}

/** What is read of an element where it is a point of a track. */
export function tcxPoint(point: Element): RecordedPoint | undefined {
  if (point.localName !== 'Trackpoint') return undefined
  const heart = childrenNamed(point, 'HeartRateBpm')[0]
  const extensions = extensionsOf(point)
  const extension = (name: string): number | undefined =>
    extensions && numberOf(descendantNamed(extensions, name)?.textContent)
  return pointOf(instantOf(childText(point, 'Time')), {
    ...placeOf(childrenNamed(point, 'Position')[0]),
    altitude: numberOf(childText(point, 'AltitudeMeters')),
    speed: extension('Speed'),
    heartRate: heart && numberOf(childText(heart, 'Value')),
    cadence: numberOf(childText(point, 'Cadence')),
    power: extension('Watts'),
    ...statedReadings(extensions),
  })
}

function extensionsOf(element: Element): Element | undefined {
  return childrenNamed(element, 'Extensions')[0]
}

function placeOf(position: Element | undefined) {
  return {
    latitude: position && numberOf(childText(position, 'LatitudeDegrees')),
    longitude: position && numberOf(childText(position, 'LongitudeDegrees')),
  }
}

function pointsIn(laps: readonly Element[]): RecordedPoint[] {
  return laps
    .flatMap((lap) => childrenNamed(lap, 'Track'))
    .flatMap((track) => childrenNamed(track, 'Trackpoint'))
    .flatMap(({ point }) => point ?? [])
}
