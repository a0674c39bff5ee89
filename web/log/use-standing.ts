/** How the projections stand, read each second while somebody looks. */
import { useCallback, useEffect, useState } from 'react'
import { useApp } from '../app/app.ts'
import { type ParkedRide, standingQuery } from './documents.ts'
import { type ProjectionStanding, type Reading, remember, standingsOf } from './standings.ts'

const everyMs = 1_000

export interface Standings {
  /** Null until they were read. */
  readonly projections: readonly ProjectionStanding[] | null
  readonly parked: readonly ParkedRide[]
  readonly isAway: boolean
  reload(): Promise<void>
}

interface Read {
  readonly readings: readonly Reading[]
  readonly parked: readonly ParkedRide[]
  readonly isAway: boolean
}

export function useStanding(): Standings {
  const { server } = useApp()
  const [{ readings, parked, isAway }, setRead] = useState<Read>({ readings: [], parked: [], isAway: false })

  const reload = useCallback(async () => {
    const answer = await server.query(standingQuery, {})
    setRead((known) =>
      answer.ok
        ? {
            readings: remember(known.readings, { at: Date.now(), projections: answer.data.projections }),
            parked: answer.data.parkedRides,
            isAway: false,
          }
        : { ...known, isAway: true },
    )
  }, [server])

  useEffect(() => {
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
  }, [reload])

  return { projections: readings.length === 0 ? null : standingsOf(readings), parked, isAway, reload }
}
