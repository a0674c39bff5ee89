/** What was recorded here as a file: for what the server does not take. It can be imported as a ride of its own. */
import type { TakenPosition } from './entries.ts'
import { type Recording, stretchesOf } from './recording.ts'

type Recorded = Pick<Recording, 'title' | 'startedAt' | 'stretches'>

/** GPX 1.1 (https://www.topografix.com/GPX/1/1/), a segment for each stretch between pauses. */
export function gpxOf(
  { title, startedAt, stretches }: Recorded,
  positions: readonly TakenPosition[],
  positionsFrom = 0,
): string {
  const name = title === null ? '' : `<name>${escaped(title)}</name>`
  const segments = stretchesOf(stretches, positions, positionsFrom).map((stretch) => {
    const points = stretch.map(pointOf)
    return points.length === 0 ? '' : `<trkseg>\n${points.join('\n')}\n</trkseg>\n`
  })
  return `<?xml version="1.0" encoding="UTF-8"?>
<gpx version="1.1" creator="Slipstream" xmlns="http://www.topografix.com/GPX/1/1">
<metadata>${name}<time>${instant(startedAt)}</time></metadata>
<trk>${name}<type>cycling</type>
${segments.join('')}</trk>
</gpx>
`
}

/** Everything that is known of it, for programs. */
export function jsonOf(recording: Recording, positions: readonly TakenPosition[]): string {
  const { rideId, title, visibility, startedAt, status, refused, stopped } = recording
  return JSON.stringify(
    {
      ...{ rideId, title, visibility, startedAt: instant(startedAt), status, stopped, refused },
      positions: positions.map(({ at, ...measured }) => ({ at: instant(at), ...measured })),
    },
    null,
    1,
  )
}

function pointOf({ at, latitude, longitude, altitude }: TakenPosition): string {
  const elevation = altitude === undefined ? '' : `<ele>${altitude}</ele>`
  // 180° east is -180 in GPX.
  const east = longitude === 180 ? -180 : longitude
  return `<trkpt lat="${latitude}" lon="${east}">${elevation}<time>${instant(at)}</time></trkpt>`
}

function instant(at: number): string {
  return new Date(at).toISOString()
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
