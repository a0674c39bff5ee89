/** What an operator reads of the workers: plain sentences, each thing once. */
import type { ConnectionPool } from '@databases/pg'
import { isAway } from '#database/faults.ts'
import { tellCatchUp } from './catch-up.ts'
import type { WorkersOptions } from './workers.ts'

type News = Pick<
  WorkersOptions,
  'onBatch' | 'onFault' | 'onHole' | 'onLookFault' | 'onParked' | 'onPromotion' | 'onRenewal'
>

export interface WorkerNewsOptions {
  readonly database: ConnectionPool
  readonly now: () => number
  /** What goes its way. */
  readonly tell: (what: string) => void
  readonly onFault: (what: string, error?: unknown) => void
}

export function workerNews({ database, now, tell, onFault }: WorkerNewsOptions): Required<News> {
  /** A version that waits for its parked rides says so once. */
  const waiting = new Set<string>()
  return {
    onBatch: tellCatchUp({
      database,
      now,
      tell: ({ projection, version, partition, position, head, eventsPerSecond }) =>
        tell(
          `The projection ${projection} ${version} is at ${position} of ${head} in partition ${partition}, ${Math.round(eventsPerSecond)} events/s`,
        ),
    }),
    onFault({ projection, version }, error) {
      if (!isAway(error)) onFault(`The projection ${projection} ${version} failed and tries again`, error)
    },
    onParked({ projection, version }, { streamId, version: rideVersion, type }) {
      onFault(
        `The projection ${projection} ${version} has parked ride ${streamId} at its version ${rideVersion}, a ${type}. See: npm run projections -- parked`,
      )
    },
    onHole: ({ partition }, position) =>
      onFault(`The log has a hole at position ${position} of partition ${partition}`),
    onLookFault: (error) => onFault('The versions of the projections could not be looked after', error),
    onRenewal(projection) {
      tell(
        `The tables of ${projection} are made anew, for this version of Slipstream makes them otherwise. Until they are whole the old ones are read.`,
      )
    },
    onPromotion(projection, promotion) {
      if (promotion.outcome === 'served') {
        waiting.delete(projection)
        tell(`The projection ${projection} is served from its version ${promotion.version}`)
      }
      if (promotion.outcome !== 'parked' || waiting.has(projection)) return
      waiting.add(projection)
      onFault(
        `The new version of ${projection} is whole but for parked rides: ${promotion.rides}. Retry or skip them and it is served: npm run projections -- parked`,
      )
    },
  }
}
