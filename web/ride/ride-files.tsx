/** The ride as files, for other programs. */
import type { Ride } from './documents.ts'

const formats = [
  { extension: 'gpx', name: 'GPX', about: 'for most programs and devices' },
  { extension: 'tcx', name: 'TCX', about: 'with laps, heart rate and power, for training programs' },
  { extension: 'geojson', name: 'GeoJSON', about: 'for maps' },
] as const

/** Of a ride that is shown by a link alone there are none: a browser does not send the link with a file that it fetches. */
export function RideFiles({ ride }: { ride: Ride }) {
  return (
    <ul className="ride-files" aria-label="The ride as a file">
      {formats.map(({ extension, name, about }) => (
        <li key={extension}>
          <a className="button button-small" href={`/rides/${ride.id}.${extension}`} download title={about}>
            {name}
          </a>
        </li>
      ))}
    </ul>
  )
}
