/**
 * GPX 1.0 and 1.1 (https://www.topografix.com/GPX/1/1/): a track's segments, each ridden without a pause. A
 * point has no place without a fix, and what sensors say stands in extensions that every maker names a
 * little differently.
 */

import type { RecordingEntry } from '#recordings/recording.ts'
import { statedReadings, statedRide, statedSamples } from '#recordings/ride-extension.ts'
import { assemble, type ReadOutcome, refused } from './assemble.ts'
import { pointOf, type RecordedPoint } from './point.ts'
import { ownSampleOf, sampleOf } from './sample.ts'
import { childrenNamed, childText, descendantNamed, type Element, instantOf, numberOf } from './xml.ts'

/** Reads the tracks of a GPX document; between two segments that follow each other the ride was paused. */
export function readGpx(root: Element): ReadOutcome {
  const tracks = childrenNamed(root, 'trk')
  const segments = tracks.flatMap((track) => childrenNamed(track, 'trkseg'))
  const points = segments.flatMap((segment) =>
    childrenNamed(segment, 'trkpt').flatMap(({ point }) => point ?? []),
  )
  if (points.length === 0) {
    return refused(
      'The GPX file holds no track: a route or waypoints alone were never ridden. Export a recorded track.',
    )
  }
  const samples = segments.map((one) => samplesOf(one)).filter((segment) => segment.length > 0)
  if (samples.length === 0) {
    return refused(
      'The points of the GPX file have no times: a planned route. Export the recorded activity instead.',
    )
  }
  const metadata = childrenNamed(root, 'metadata')[0]
  const name =
    childText(tracks[0]!, 'name') ?? (metadata && childText(metadata, 'name')) ?? childText(root, 'name')
  const own = () => segments.flatMap((one) => samplesOf(one, { isOwn: true }))
  const stated = tracks.length === 1 ? statedRide(extensionsOf(tracks[0]!), own) : undefined
  const { entries = joined(samples), startedAt, endedAt } = stated ?? {}
  const sports = tracks.flatMap((track) => childText(track, 'type') ?? [])
  return assemble(entries, { name, sports, startedAt, endedAt, points })
}

/** What is read of an element where it is a point of a track. */
export function gpxPoint(element: Element): RecordedPoint | undefined {
  if (element.localName !== 'trkpt') return undefined
  return pointOf(instantOf(childText(element, 'time')), readings(element))
}

type Sample = Extract<RecordingEntry, { kind: 'position' }>

/** Stretches ridden without a pause, with a pause between each two. */
function joined(stretches: readonly (readonly Sample[])[]): RecordingEntry[] {
  return stretches.flatMap((stretch, index) => {
    const before = stretches[index - 1]?.at(-1)?.position.at
    const at = stretch[0]!.position.at
    if (before === undefined || at <= before) return [...stretch]
    return [{ kind: 'pause', at: before }, { kind: 'resume', at }, ...stretch]
  })
}

/** `isOwn`: in a file that the service has written. */
function samplesOf(segment: Element, { isOwn = false } = {}): Sample[] {
  const samples = childrenNamed(segment, 'trkpt').flatMap(({ point }): Sample[] => {
    const position = (isOwn ? point?.own : undefined) ?? point?.sample
    return position === undefined ? [] : [{ kind: 'position', position }]
  })
  const withoutFix = statedSamples(extensionsOf(segment), isOwn ? ownSampleOf : sampleOf)
  return withoutFix.length === 0
    ? samples
    : [...samples, ...withoutFix].sort((a, b) => a.position.at - b.position.at)
}

function extensionsOf(element: Element): Element | undefined {
  return childrenNamed(element, 'extensions')[0]
}

function readings(point: Element) {
  const extensions = extensionsOf(point)
  const sensor = (...names: readonly string[]): number | undefined => {
    for (const name of extensions === undefined ? [] : names) {
      const value = numberOf(descendantNamed(extensions!, name)?.textContent)
      if (value !== undefined) return value
    }
    return undefined
  }
  return {
    latitude: numberOf(point.getAttribute('lat')),
    longitude: numberOf(point.getAttribute('lon')),
    altitude: numberOf(childText(point, 'ele')),
    // GPX 1.0 had speed and course as elements of the point.
    speed: sensor('speed') ?? numberOf(childText(point, 'speed')),
    heading: sensor('course') ?? numberOf(childText(point, 'course')),
    heartRate: sensor('hr', 'heartrate'),
    cadence: sensor('cad', 'cadence'),
    power: sensor('power', 'PowerInWatts', 'watts'),
    ...statedReadings(extensions),
  }
}
