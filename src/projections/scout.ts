/**
 * A look at the log before anything is begun, for a projection that needs few types of events: whether any of them came in.
 * What is told by one statement over the new events' types takes neither a transaction nor the checkpoint, which needs to
 * move only now and then while nothing is wanted: what lies between it and the newest look is known to be nothing.
 */
import { type ConnectionPool, sql } from '@databases/pg'

export interface Scout {
  look(): Promise<Sight>
  /** From where to read on, of a checkpoint that stands there: behind what was looked through already. */
  after(position: number): number
  /** The checkpoint was moved to there. */
  moved(position: number): void
}

export interface Sight {
  /** How many events came in since the last look, wanted or not. */
  readonly events: number
  /** It is worth a transaction: an event is wanted, or something is not as it should be, or the checkpoint is to move. */
  readonly isWorth: boolean
  /** The checkpoint stands before what was looked through. */
  readonly isAhead: boolean
}

export interface ScoutOptions {
  readonly database: ConnectionPool
  readonly partition: number
  readonly types: readonly string[]
  /** Milliseconds, from anywhere. */
  readonly now: () => number
}

/** Whoever begins anew looks through no more than that once again. */
const mostAhead = 5_000
/** Who looks twice a second apart (`npm run projections -- status`) is to see that it does not stand still. */
export const longestAheadMs = 500

export function createScout({ database, partition, types, now }: ScoutOptions): Scout {
  /** Behind the first and up to the second nothing is wanted; the checkpoint stands at the first, or stood there. */
  let from: number | undefined
  let upTo = 0
  let movedAt = now()

  return {
    async look() {
      if (from === undefined) return { events: 0, isWorth: true, isAhead: false }
      const after = upTo
      const [row] = await database.query(sql`
        select count(*)::integer as seen, max(position) as last, bool_or(type = any(${types}::text[])) as wanted
          from (select position, type from events
                 where partition = ${partition} and position > ${after}
                 order by position limit ${mostAhead}) as new`)
      const { seen, last, wanted }: { seen: number; last: number | null; wanted: boolean | null } = row
      // A hole is for whoever reads to tell of.
      if (wanted || (last !== null && last !== after + seen))
        return { events: seen, isWorth: true, isAhead: true }
      upTo = last ?? after
      const isLate = upTo - from >= mostAhead || now() - movedAt >= longestAheadMs
      return { events: seen, isWorth: upTo > from && isLate, isAhead: upTo > from }
    },
    after(position) {
      if (from === undefined || position < from || position > upTo) {
        from = position
        upTo = position
      }
      return upTo
    },
    moved(position) {
      from = position
      upTo = position
      movedAt = now()
    },
  }
}
