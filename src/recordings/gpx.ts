/**
 * GPX 1.0 and 1.1 (https://www.topografix.com/GPX/1/1/): a track's segments, each ridden without a pause. A
 * point has no place without a fix, and what sensors say stands in extensions that every maker names a
 * little differently.
 */

import type { Element } from '@xmldom/xmldom'
import { assemble, type ReadOutcome, refused } from './assemble.ts'
import type { RecordingEntry } from './recording.ts'
import { type Place, placeOutOfRange, sampleOf } from './sample.ts'
import { childrenNamed, childText, descendantNamed, instantOf, numberOf } from './xml.ts'

/** Reads the tracks of a GPX document; between two segments that follow each other the ride was paused. */
export function readGpx(root: Element): ReadOutcome {
  const tracks = childrenNamed(root, 'trk')
  const segments = tracks.flatMap((track) => childrenNamed(track, 'trkseg'))
  const points = segments.flatMap((segment) => childrenNamed(segment, 'trkpt'))
  if (points.length === 0) {
    return refused(
      'The GPX file holds no track: a route or waypoints alone were never ridden. Export a recorded track.',
    )
  }
  const samples = segments.map(samplesOf).filter((segment) => segment.length > 0)
  if (samples.length === 0) {
    return refused(
      'The points of the GPX file have no times: a planned route. Export the recorded activity instead.',
    )
  }
  const metadata = childrenNamed(root, 'metadata')[0]
  const name =
    childText(tracks[0]!, 'name') ?? (metadata && childText(metadata, 'name')) ?? childText(root, 'name')
  return assemble(joined(samples), { name, outOfRange: outOfRange(points) })
}

function outOfRange(points: readonly Element[]): Place | undefined {
  for (const point of points) {
    const place = placeOutOfRange(placeOf(point))
    if (place !== undefined) return place
  }
  return undefined
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

function samplesOf(segment: Element): Sample[] {
  return childrenNamed(segment, 'trkpt').flatMap((point) => {
    const at = instantOf(childText(point, 'time'))
    if (at === undefined) return []
    return [{ kind: 'position', position: sampleOf(at, readings(point)) }]
  })
}

function readings(point: Element) {
  const extensions = childrenNamed(point, 'extensions')[0]
  const sensor = (...names: readonly string[]): number | undefined => {
    for (const name of extensions === undefined ? [] : names) {
      const value = numberOf(descendantNamed(extensions!, name)?.textContent)
      if (value !== undefined) return value
    }
    return undefined
  }
  return {
    ...placeOf(point),
    altitude: numberOf(childText(point, 'ele')),
    // GPX 1.0 had speed and course as elements of the point.
    speed: sensor('speed') ?? numberOf(childText(point, 'speed')),
    heading: sensor('course') ?? numberOf(childText(point, 'course')),
    heartRate: sensor('hr', 'heartrate'),
    cadence: sensor('cad', 'cadence'),
    power: sensor('power', 'PowerInWatts', 'watts'),
  }
}

function placeOf(point: Element) {
  return {
    latitude: numberOf(point.getAttribute('lat')),
    longitude: numberOf(point.getAttribute('lon')),
  }
}
