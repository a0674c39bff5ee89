/** The ride by kilometres or miles: how fast, how far up or down. Whoever points at one sees where it was. */
import { useEffect, useState } from 'react'
import { useApp } from '../app/app.ts'
import { insist } from '../graphql/insist.ts'
import { formatDuration, metresPerMile } from '../rides/format.ts'
import { useFormats } from '../rides/use-formats.ts'
import { type Ride, rideSplitsQuery, type Split } from './documents.ts'
import type { Moments } from './moments.ts'
import { inLine } from './quantities.ts'
import { barOf, boundsOfSplits, stretchOfSplit } from './split-stretch.ts'
import type { AlongView } from './use-along.ts'

export function SplitsTable({ ride, along, moments }: { ride: Ride; along: AlongView; moments: Moments }) {
  const formats = useFormats()
  const splits = useSplits(ride, formats.units === 'metric' ? 'KILOMETRE' : 'MILE')
  if (splits === null || splits.length === 0) return null
  const samples = along.status === 'ready' ? along.samples : null
  const bounds = boundsOfSplits(splits)
  const fastest = splits.reduce((most, { averageSpeed }) => Math.max(most, averageSpeed), 0)
  const hasElevation = splits.some(({ elevationChange }) => elevationChange !== null)
  const stretchOf = (split: Split) => {
    const bound = bounds[split.index]
    return samples === null || bound === undefined ? null : stretchOfSplit(samples, bound, split)
  }
  const glance = (split: Split | null) => moments.glanced.set(split === null ? null : stretchOf(split))

  return (
    <details className="ride-section" open>
      <summary>
        <h2>Splits</h2>
      </summary>
      <div className="splits-scroll">
        <table className="splits" onPointerLeave={() => glance(null)}>
          <thead>
            <tr>
              <th scope="col">{formats.units === 'metric' ? 'km' : 'mi'}</th>
              <th scope="col">Moving</th>
              <th scope="col" className="splits-speed">
                Speed
              </th>
              {hasElevation && <th scope="col">Elevation</th>}
            </tr>
          </thead>
          <tbody>
            {splits.map((split) => (
              <tr key={split.index} onPointerEnter={() => glance(split)}>
                <th scope="row">
                  <button
                    type="button"
                    className="split-name"
                    onFocus={() => glance(split)}
                    onBlur={() => glance(null)}
                    onClick={() => {
                      const stretch = stretchOf(split)
                      if (stretch !== null) moments.stretch.set(stretch)
                    }}
                  >
                    {nameOf(split, splits, formats.units === 'metric' ? 1_000 : metresPerMile)}
                  </button>
                </th>
                <td>{formatDuration(split.movingTime)}</td>
                <td className="splits-speed">
                  <span
                    className="split-bar"
                    style={{ width: `${(100 * barOf(split.averageSpeed, fastest)).toFixed(1)}%` }}
                  />
                  <span className="split-value">{inLine(formats.speed(split.averageSpeed))}</span>
                </td>
                {hasElevation && <td>{signed(inLine(formats.elevation(split.elevationChange)))}</td>}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  )
}

/** Its number; of what is left at the end, how long that is. */
function nameOf({ index, distance }: Split, splits: readonly Split[], unit: number): string {
  const isRest = index === splits.length - 1 && distance < unit - 1
  return isRest ? (distance / unit).toFixed(2) : String(index + 1)
}

function signed(change: string): string {
  if (change.startsWith('-')) return `−${change.slice(1)}`
  return /^[1-9]/.test(change) ? `+${change}` : change
}

function useSplits(ride: Ride, unit: 'KILOMETRE' | 'MILE'): readonly Split[] | null {
  const { server } = useApp()
  const [splits, setSplits] = useState<readonly Split[] | null>(null)
  const { id, statistics } = ride
  useEffect(() => {
    if (statistics === null) return
    const leaving = new AbortController()
    void insist(server, rideSplitsQuery, { id, unit }, leaving.signal).then((answer) => {
      if (answer.ok) setSplits(answer.data.ride?.splits ?? null)
    })
    return () => leaving.abort()
  }, [server, id, unit, statistics])
  return splits
}
