/** What was measured along a finished ride: fetched when its route is there, and again when that is another. */
import { useEffect, useMemo, useState } from 'react'
import { useApp } from '../app/app.ts'
import { insist } from '../graphql/insist.ts'
import { routeLines } from '../rides/route-lines.ts'
import { type Ride, rideStreamsQuery } from './documents.ts'
import type { Samples } from './samples.ts'
import { type Way, wayAlong } from './way.ts'

export interface Along {
  readonly samples: Samples
  readonly way: Way
}

/** `none`: the ride is not finished, or nothing of it is shown. */
export type AlongView =
  | { readonly status: 'none' | 'loading' | 'failed' }
  | ({ readonly status: 'ready' } & Along)

interface Answered {
  readonly of: Ride['statistics']
  readonly samples: Samples | null | 'failed'
}

export function useAlong(ride: Ride | null): AlongView {
  const { server } = useApp()
  const [answered, setAnswered] = useState<Answered | null>(null)
  const statistics = ride?.status === 'FINISHED' ? ride.statistics : null
  const id = ride?.id
  useEffect(() => {
    if (id === undefined || statistics === null) return
    const leaving = new AbortController()
    void insist(server, rideStreamsQuery, { id }, leaving.signal).then((answer) => {
      const samples = answer.ok ? (answer.data.ride?.streams ?? null) : 'failed'
      setAnswered({ of: statistics, samples })
    })
    return () => leaving.abort()
  }, [server, id, statistics])

  const geometry = ride?.route?.geometry
  // The samples of before are shown until those of now are there.
  const samples = answered?.samples ?? null
  return useMemo((): AlongView => {
    if (statistics === null) return { status: 'none' }
    if (samples === 'failed') return { status: 'failed' }
    if (samples === null || samples.time.length === 0)
      return { status: answered === null ? 'loading' : 'none' }
    const way = wayAlong(geometry === undefined ? [] : routeLines(geometry), samples)
    return { status: 'ready', samples, way }
  }, [statistics, samples, answered, geometry])
}
