/** How the projections stand, read each second while somebody looks. */
import { useCallback, useEffect, useState } from 'react'
import { useApp } from '../app/app.ts'
import type { Failure } from '../graphql/failure.ts'
import { type ParkedRide, standingQuery } from './documents.ts'
import {
  nothingRead,
  type ProjectionStanding,
  type StandingRead,
  standingsOf,
  withStanding,
} from './standings.ts'

const everyMs = 1_000

export interface Standings {
  /** Null until they were read. */
  readonly projections: readonly ProjectionStanding[] | null
  readonly parked: readonly ParkedRide[]
  /** Of the last attempt. */
  readonly failure: Failure | null
  reload(): Promise<void>
}

export function useStanding(): Standings {
  const { server } = useApp()
  const [{ readings, parked, failure }, setRead] = useState<StandingRead>(nothingRead)

  const reload = useCallback(async () => {
    const answer = await server.query(standingQuery, {})
    setRead((known) => withStanding(known, answer, Date.now()))
  }, [server])

  // Whoever is refused is so a second later too: it is asked again when he asks.
  const isRefused = failure?.kind === 'final'
  useEffect(() => {
    if (isRefused) return
    let isOver = false
    let timer: ReturnType<typeof setTimeout>
    async function look(): Promise<void> {
      if (document.visibilityState === 'visible') await reload()
      if (!isOver) timer = setTimeout(() => void look(), everyMs)
    }
    void look()
    return () => {
      isOver = true
      clearTimeout(timer)
    }
  }, [reload, isRefused])

  return { projections: readings.length === 0 ? null : standingsOf(readings), parked, failure, reload }
}
