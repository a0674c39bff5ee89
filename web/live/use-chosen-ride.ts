/** What is known of the ride that the address names: it is in progress, it is over, or it is not to be seen. */
import { useEffect, useState } from 'react'
import { useApp } from '../app/app.ts'
import type { RideSummary } from '../rides/documents.ts'
import { onLook } from '../state/looks.ts'
import { useCell } from '../state/use-cell.ts'
import { findOver } from './latest.ts'
import type { LiveEntry } from './live-board.ts'
import { readOver } from './read-over.ts'
import { useEntry } from './use-entry.ts'

export type ChosenRide =
  | { status: 'loading'; rideId: string }
  | { status: 'live'; rideId: string; entry: LiveEntry }
  | { status: 'over'; rideId: string; ride: RideSummary }
  | { status: 'gone'; rideId: string }

export function useChosenRide(rideId: string): ChosenRide {
  const { server, live } = useApp()
  const entry = useEntry(rideId)
  const over = findOver(useCell(live.latest.latest), rideId)
  const isBoardKnown = useCell(live.board) !== null
  const [read, setRead] = useState<{ rideId: string; ride: RideSummary | null } | null>(null)
  const isUnknown = isBoardKnown && entry === undefined && over === undefined

  useEffect(() => {
    if (!isUnknown) return setRead(null)
    return readOver(server, rideId, onLook, (ride) => setRead({ rideId, ride }))
  }, [server, rideId, isUnknown])

  if (entry !== undefined) return { status: 'live', rideId, entry }
  if (over !== undefined) return { status: 'over', rideId, ride: over }
  if (read?.rideId !== rideId) return { status: 'loading', rideId }
  return read.ride === null ? { status: 'gone', rideId } : { status: 'over', rideId, ride: read.ride }
}
