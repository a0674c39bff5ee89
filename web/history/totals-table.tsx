/** The same as the bars show, for who reads rather than looks. */
import { Figure } from '../rides/figure.tsx'
import { formatDuration } from '../rides/format.ts'
import { useFormats } from '../rides/use-formats.ts'
import type { Total } from './documents.ts'
import type { BarPeriod } from './search.ts'

export function TotalsTable({
  by,
  totals,
  titleOf,
}: {
  by: BarPeriod
  totals: readonly Total[]
  titleOf: (total: Total) => string
}) {
  const formats = useFormats()
  return (
    <details className="totals-table">
      <summary>As a table</summary>
      <table>
        <caption className="visually-hidden">Totals by {by}, the newest first</caption>
        <thead>
          <tr>
            <th scope="col">{by === 'week' ? 'Week' : by === 'month' ? 'Month' : 'Year'}</th>
            <th scope="col">Rides</th>
            <th scope="col">Distance</th>
            <th scope="col">Moving time</th>
            <th scope="col">Climbing</th>
          </tr>
        </thead>
        <tbody>
          {totals.toReversed().map((total) => (
            <tr key={total.from}>
              <th scope="row">{titleOf(total)}</th>
              <td>{total.rides}</td>
              <td>
                <Figure {...formats.distance(total.distance)} />
              </td>
              <td>{formatDuration(total.movingTime)}</td>
              <td>
                <Figure {...formats.elevation(total.elevationGain)} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  )
}
