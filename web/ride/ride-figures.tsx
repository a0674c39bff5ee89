/** A ride's numbers: running while it is being ridden, final once it is finished. */

import {
  formatDistance,
  formatDuration,
  formatElevation,
  formatSpeed,
  type Quantity,
} from '../rides/format.ts'
import type { Ride } from './documents.ts'

interface Entry {
  name: string
  value: Quantity
}

export function RideFigures({ statistics, progress }: Pick<Ride, 'statistics' | 'progress'>) {
  const entries = statistics !== null ? final(statistics) : running(progress)
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

function final(statistics: NonNullable<Ride['statistics']>): Entry[] {
  const gain = statistics.elevationGain
  const loss = statistics.elevationLoss
  return [
    { name: 'Distance', value: formatDistance(statistics.distance) },
    { name: 'Moving time', value: clock(statistics.movingTime) },
    { name: 'Average speed', value: formatSpeed(statistics.averageSpeed) },
    { name: 'Maximum speed', value: formatSpeed(statistics.maxSpeed) },
    { name: 'Timer', value: clock(statistics.timerTime) },
    { name: 'Elapsed time', value: clock(statistics.elapsedTime) },
    ...(gain === null ? [] : [{ name: 'Elevation gain', value: formatElevation(gain) }]),
    ...(loss === null ? [] : [{ name: 'Elevation loss', value: formatElevation(loss) }]),
  ]
}

function running(progress: Ride['progress']): Entry[] {
  return [
    { name: 'Distance', value: formatDistance(progress?.distance) },
    { name: 'Moving time', value: clock(progress?.movingTime) },
    { name: 'Speed', value: formatSpeed(progress?.speed) },
    { name: 'Timer', value: clock(progress?.timerTime) },
  ]
}

function clock(seconds: number | null | undefined): Quantity {
  return { value: formatDuration(seconds), unit: '' }
}
