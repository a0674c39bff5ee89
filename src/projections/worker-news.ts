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
  readonly onFault: (what: string, error?: unknown) => void
}

export function workerNews({ database, now, onFault }: WorkerNewsOptions): Required<News> {
  /** A version that waits for its parked rides says so once. */
  const waiting = new Set<string>()
  return {
    onBatch: tellCatchUp({
      database,
      now,
      tell: ({ projection, version, partition, position, head, eventsPerSecond }) =>
        onFault(
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
    onRenewal(projection, version) {
      onFault(
        `The tables of ${projection} are an older program's: version ${version} is built beside them and served when it is whole`,
      )
    },
    onPromotion(projection, promotion) {
      if (promotion.outcome === 'served') {
        waiting.delete(projection)
        onFault(`The projection ${projection} is served from its version ${promotion.version}`)
      }
      if (promotion.outcome !== 'parked' || waiting.has(projection)) return
      waiting.add(projection)
      onFault(
        `The new version of ${projection} is whole but for parked rides: ${promotion.rides}. Retry or skip them and it is served: npm run projections -- parked`,
      )
    },
  }
}
