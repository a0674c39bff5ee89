/** A ride's numbers: running while it is being ridden, final once it is finished. */

import { formatDuration, formatWhole, type Quantity } from '../rides/format.ts'
import { type Formats, useFormats } from '../rides/use-formats.ts'
import type { Ride } from './documents.ts'

interface Entry {
  name: string
  value: Quantity
  /** What it means, where the name alone does not say. */
  about?: string
}

export function RideFigures({ statistics, progress }: Pick<Ride, 'statistics' | 'progress'>) {
  const formats = useFormats()
  const entries = statistics !== null ? final(statistics, formats) : running(progress, formats)
  return (
    <dl className="figures">
      {entries.map(({ name, about, value: { value, unit } }) => (
        <div key={name} className="figures-entry">
          <dt>{name}</dt>
          <dd>
            {value}
            {unit !== '' && <span className="unit"> {unit}</span>}
          </dd>
          {about !== undefined && <dd className="figures-about">{about}</dd>}
        </div>
      ))}
    </dl>
  )
}

const aboutTimes = {
  moving: 'without pauses and stops',
  timer: 'without pauses',
  elapsed: 'from start to end',
} as const

function final(statistics: NonNullable<Ride['statistics']>, formats: Formats): Entry[] {
  const { elevationGain, elevationLoss, averageHeartRate, maxHeartRate, averagePower, averageCadence } =
    statistics
  return [
    { name: 'Distance', value: formats.distance(statistics.distance) },
    { name: 'Moving time', value: clock(statistics.movingTime), about: aboutTimes.moving },
    { name: 'Average speed', value: formats.speed(statistics.averageSpeed), about: 'while moving' },
    { name: 'Maximum speed', value: formats.speed(statistics.maxSpeed) },
    { name: 'Timer', value: clock(statistics.timerTime), about: aboutTimes.timer },
    { name: 'Elapsed time', value: clock(statistics.elapsedTime), about: aboutTimes.elapsed },
    ...known('Elevation gain', elevationGain, (value) => formats.elevation(value)),
    ...known('Elevation loss', elevationLoss, (value) => formats.elevation(value)),
    ...known('Average heart rate', averageHeartRate, (value) => formatWhole(value, 'bpm')),
    ...known('Highest heart rate', maxHeartRate, (value) => formatWhole(value, 'bpm')),
    ...known('Average power', averagePower, (value) => formatWhole(value, 'W'), 'coasting included'),
    ...known('Average cadence', averageCadence, (value) => formatWhole(value, 'rpm'), 'while pedalling'),
  ]
}

function known(
  name: string,
  value: number | null,
  format: (value: number) => Quantity,
  about?: string,
): Entry[] {
  if (value === null) return []
  return [{ name, value: format(value), ...(about !== undefined && { about }) }]
}

function running(progress: Ride['progress'], formats: Formats): Entry[] {
  return [
    { name: 'Distance', value: formats.distance(progress?.distance) },
    { name: 'Moving time', value: clock(progress?.movingTime), about: aboutTimes.moving },
    { name: 'Speed', value: formats.speed(progress?.speed) },
    { name: 'Timer', value: clock(progress?.timerTime), about: aboutTimes.timer },
  ]
}

function clock(seconds: number | null | undefined): Quantity {
  return { value: formatDuration(seconds), unit: '' }
}
