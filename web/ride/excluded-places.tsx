/** What the route leaves out: how many positions and why, and for its rider where they were. */
import { useEffect, useState } from 'react'
import { useApp, useRiderMap } from '../app/app.ts'
import { ComplaintLine } from '../forms/complaint-line.tsx'
import type { Failure } from '../graphql/failure.ts'
import { insist } from '../graphql/insist.ts'
import { useCell } from '../state/use-cell.ts'
import { type ExcludedPosition, excludedPositionsQuery, type Ride } from './documents.ts'
import { leftOutInWords, notShownInWords, reasons } from './excluded-words.ts'
import { readColour } from './read-colour.ts'

export function ExcludedPlaces({ ride }: { ride: Ride }) {
  const excluded = ride.route?.excluded ?? []
  const count = excluded.reduce((sum, each) => sum + each.count, 0)
  const [isShown, setShown] = useState(false)
  const { positions, complaint } = useExcluded(ride.id, isShown)
  useSpots(isShown ? positions : null)
  if (count === 0) return null
  const placed = positions?.filter(({ latitude }) => latitude !== null).length
  return (
    <details className="ride-section">
      <summary>
        <h2>{leftOutInWords(count)}</h2>
      </summary>
      <ul className="excluded" aria-label="Positions that were left out">
        {excluded.map(({ reason, count: often }) => (
          <li key={reason}>
            <span className="excluded-dot" data-reason={reason} aria-hidden="true" />
            {often.toLocaleString('en-GB')} {reasons[reason].about}
          </li>
        ))}
      </ul>
      {ride.shares !== null && (
        <>
          <label className="switch">
            <input type="checkbox" checked={isShown} onChange={({ target }) => setShown(target.checked)} />
            Show them on the map
          </label>
          {isShown && placed !== undefined && (
            <p className="note" role="status">
              {inSight(placed, positions?.length ?? 0, count)}
            </p>
          )}
          <ComplaintLine complaint={isShown ? complaint : undefined} />
        </>
      )}
    </details>
  )
}

function inSight(placed: number, fetched: number, count: number): string {
  const without = fetched - placed
  return [
    `${placed.toLocaleString('en-GB')} on the map.`,
    without > 0 ? `${without.toLocaleString('en-GB')} came without a place.` : '',
    fetched < count ? `These are the first ${fetched.toLocaleString('en-GB')} of the ride.` : '',
  ]
    .filter((sentence) => sentence !== '')
    .join(' ')
}

function useExcluded(id: string, isShown: boolean) {
  const { server } = useApp()
  const [positions, setPositions] = useState<readonly ExcludedPosition[] | null>(null)
  const [complaint, setComplaint] = useState<string>()
  useEffect(() => {
    if (!isShown || positions !== null) return
    const leaving = new AbortController()
    const say = (failure: Failure) => setComplaint(notShownInWords(failure))
    setComplaint(undefined)
    void insist(server, excludedPositionsQuery, { id }, leaving.signal, say).then((answer) => {
      setComplaint(undefined)
      if (answer.ok) setPositions(answer.data.ride?.route?.excludedPositions ?? [])
      else say(answer.failure)
    })
    return () => leaving.abort()
  }, [server, id, isShown, positions])
  return { positions, complaint }
}

function useSpots(positions: readonly ExcludedPosition[] | null): void {
  const map = useRiderMap()
  const theme = useCell(useApp().themes.shown)
  useEffect(() => {
    if (map === null || positions === null) return
    map.setSpots(
      positions.flatMap(({ at, latitude, longitude, reason }) => {
        if (latitude === null || longitude === null) return []
        const { about, colour } = reasons[reason]
        const label = `${new Date(at).toLocaleTimeString('en-GB')}, ${about}`
        return [{ place: [longitude, latitude] as const, colour: readColour(colour), label }]
      }),
    )
    return () => map.setSpots([])
  }, [map, positions, theme])
}
