/**
 * A recording as a GPX 1.1 file, the way Garmin's services export one: a segment for each stretch between
 * pauses.
 */

import type { Recording } from '#recordings/recording.ts'
import type { Position } from '#ride/position.ts'
import { stretchesOf } from './stretches.ts'

export function writeGpx(recording: Recording): string {
  const segments = stretchesOf(recording).map(
    (stretch) => `<trkseg>${stretch.map(trackPoint).join('\n')}</trkseg>`,
  )
  const name = recording.name === undefined ? '' : `<name>${recording.name}</name>`
  return `<?xml version="1.0" encoding="UTF-8"?>
<gpx version="1.1" creator="Slipstream's tests" xmlns="http://www.topografix.com/GPX/1/1"
  xmlns:gpxtpx="http://www.garmin.com/xmlschemas/TrackPointExtension/v1">
<trk>${name}<type>cycling</type>
${segments.join('\n')}
</trk>
</gpx>
`
}

function trackPoint(position: Position): string {
  const { at, latitude, longitude, altitude, heartRate, cadence, power } = position
  // GPX has no point without a place: where there was no fix, there is no point.
  if (latitude === undefined || longitude === undefined) return ''
  const elevation = altitude === undefined ? '' : `<ele>${altitude}</ele>`
  const sensors = [
    heartRate === undefined ? '' : `<gpxtpx:hr>${heartRate}</gpxtpx:hr>`,
    cadence === undefined ? '' : `<gpxtpx:cad>${cadence}</gpxtpx:cad>`,
  ].join('')
  return `<trkpt lat="${latitude}" lon="${longitude}">${elevation}<time>${new Date(at).toISOString()}</time>
<extensions>${power === undefined ? '' : `<power>${power}</power>`}<gpxtpx:TrackPointExtension>${sensors}</gpxtpx:TrackPointExtension></extensions></trkpt>`
}
