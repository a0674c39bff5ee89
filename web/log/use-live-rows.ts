/** The newest events of the log, as they come; a list that stands still counts what has come meanwhile. */
import { useEffect, useState } from 'react'
import { useApp } from '../app/app.ts'
import { subscribe } from '../graphql/subscribe.ts'
import { logFeedSubscription } from './documents.ts'
import { type LiveRows, noRows, withUpdate } from './live-rows.ts'

export interface LiveList extends LiveRows {
  readonly status: 'to come' | 'live' | 'paused' | 'refused'
  /** How many have come since it was paused. */
  readonly waiting: number
  pause(): void
  resume(): void
}

export function useLiveRows(type: string | undefined): LiveList {
  const { server } = useApp()
  const [coming, setComing] = useState<LiveRows | null>(null)
  const [isRefused, setRefused] = useState(false)
  const [held, setHeld] = useState<LiveRows | null>(null)

  useEffect(() => {
    setComing(null)
    setHeld(null)
    setRefused(false)
    return subscribe(
      server.socket.client,
      logFeedSubscription,
      { types: type === undefined ? null : [type] },
      {
        next: ({ logFeed }) => setComing((known) => withUpdate(known ?? noRows, logFeed)),
        refused: () => setRefused(true),
      },
    )
  }, [server, type])

  const shown = held ?? coming ?? noRows
  return {
    ...shown,
    status: isRefused ? 'refused' : coming === null ? 'to come' : held === null ? 'live' : 'paused',
    waiting: held === null || coming === null ? 0 : coming.count - held.count,
    pause: () => setHeld(coming ?? noRows),
    resume: () => setHeld(null),
  }
}
