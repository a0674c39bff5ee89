/** The numbers on the card of a ride: those that its device sends, and no others. */
import type { RideSummary } from '../rides/documents.ts'
import { formatDuration, formatWhole, type Quantity } from '../rides/format.ts'
import { type Formats, useFormats } from '../rides/use-formats.ts'
import { Battery } from './battery.tsx'
import type { LiveRide } from './documents.ts'
import type { LiveEntry } from './live-board.ts'

export function LiveFigures({ entry }: { entry: LiveEntry }) {
  const entries = figuresOf(entry.ride, entry.status === 'active', useFormats())
  const charge = entry.ride.position?.battery
  return (
    <dl className="card-figures">
      <Entries entries={entries} />
      {typeof charge === 'number' && (
        <div>
          <dt>Battery</dt>
          <dd>
            <Battery charge={charge} />
          </dd>
        </div>
      )}
    </dl>
  )
}

export function OverFigures({ ride }: { ride: RideSummary }) {
  const formats = useFormats()
  const figures = ride.statistics ?? ride.progress
  return (
    <dl className="card-figures">
      <Entries
        entries={[
          ['Distance', formats.distance(figures?.distance)],
          ['Moving time', clock(figures?.movingTime)],
        ]}
      />
    </dl>
  )
}

type Entry = readonly [name: string, quantity: Quantity]

function Entries({ entries }: { entries: readonly Entry[] }) {
  return entries.map(([name, { value, unit }]) => (
    <div key={name}>
      <dt>{name}</dt>
      <dd>
        {value}
        {unit !== '' && <span className="unit"> {unit}</span>}
      </dd>
    </div>
  ))
}

function figuresOf({ progress, position }: LiveRide, isMoving: boolean, formats: Formats): Entry[] {
  const { heartRate, power, cadence, altitude } = position ?? {}
  return [
    // What it was when it was last heard of is not what it is.
    ['Speed', formats.speed(isMoving ? progress?.speed : null)],
    ['Distance', formats.distance(progress?.distance)],
    ['Moving time', clock(progress?.movingTime)],
    ...whole('Heart rate', heartRate, 'bpm'),
    ...whole('Power', power, 'W'),
    ...whole('Cadence', cadence, 'rpm'),
    ...(typeof altitude === 'number' ? [['Altitude', formats.elevation(altitude)] as const] : []),
  ]
}

function whole(name: string, number: number | null | undefined, unit: string): Entry[] {
  return typeof number === 'number' ? [[name, formatWhole(number, unit)]] : []
}

function clock(seconds: number | null | undefined): Quantity {
  return { value: formatDuration(seconds), unit: '' }
}
