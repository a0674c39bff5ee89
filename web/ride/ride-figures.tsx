/** A ride's numbers: running while it is being ridden, final once it is finished. */

import { formatDuration, type Quantity } from '../rides/format.ts'
import { type Formats, useFormats } from '../rides/use-formats.ts'
import type { Ride } from './documents.ts'

interface Entry {
  name: string
  value: Quantity
}

export function RideFigures({ statistics, progress }: Pick<Ride, 'statistics' | 'progress'>) {
  const formats = useFormats()
  const entries = statistics !== null ? final(statistics, formats) : running(progress, formats)
  return (
    <dl className="figures">
      {entries.map(({ name, value: { value, unit } }) => (
        <div key={name} className="figures-entry">
          <dt>{name}</dt>
          <dd>
            {value}
            {unit !== '' && <span className="unit"> {unit}</span>}
          </dd>
        </div>
      ))}
    </dl>
  )
}

function final(statistics: NonNullable<Ride['statistics']>, formats: Formats): Entry[] {
  const gain = statistics.elevationGain
  const loss = statistics.elevationLoss
  return [
    { name: 'Distance', value: formats.distance(statistics.distance) },
    { name: 'Moving time', value: clock(statistics.movingTime) },
    { name: 'Average speed', value: formats.speed(statistics.averageSpeed) },
    { name: 'Maximum speed', value: formats.speed(statistics.maxSpeed) },
    { name: 'Timer', value: clock(statistics.timerTime) },
    { name: 'Elapsed time', value: clock(statistics.elapsedTime) },
    ...(gain === null ? [] : [{ name: 'Elevation gain', value: formats.elevation(gain) }]),
    ...(loss === null ? [] : [{ name: 'Elevation loss', value: formats.elevation(loss) }]),
  ]
}

function running(progress: Ride['progress'], formats: Formats): Entry[] {
  return [
    { name: 'Distance', value: formats.distance(progress?.distance) },
    { name: 'Moving time', value: clock(progress?.movingTime) },
    { name: 'Speed', value: formats.speed(progress?.speed) },
    { name: 'Timer', value: clock(progress?.timerTime) },
  ]
}

function clock(seconds: number | null | undefined): Quantity {
  return { value: formatDuration(seconds), unit: '' }
}
