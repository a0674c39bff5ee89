/** How often somebody has tried, counted in the database: by address and by account, so that guessing is slow. */
import { createHmac } from 'node:crypto'
import { type ConnectionPool, sql } from '@databases/pg'

export interface AttemptRule {
  /** Seconds. */
  readonly window: number
  readonly max: number
}

export interface Attempts {
  /** Counts one more, and says whether it may be made. Several at once are counted one after the other. */
  consume(counted: string, rule: AttemptRule): Promise<Attempt>
  /** Whoever has got in was no guesser. */
  forget(counted: string): Promise<void>
}

export interface Attempt {
  readonly allowed: boolean
  /** Seconds until there is another; null where this one is allowed. */
  readonly retryAfter: number | null
}

/** No rule counts longer. */
const keptFor = '1 day'
/** What is old is cleared away now and then. */
const betweenCleanings = 1_000

/** `secret` keys the hash under which addresses and accounts are counted: neither is kept for having tried. */
export function openAttempts(database: ConnectionPool, secret: string): Attempts {
  let untilCleaning = betweenCleanings

  function keyOf(counted: string): Buffer {
    return createHmac('sha256', secret).update(`attempt ${counted}`).digest()
  }

  return {
    async consume(counted, { window, max }) {
      if (--untilCleaning <= 0) {
        untilCleaning = betweenCleanings
        await database.query(sql`delete from sign_in_attempts where since < now() - ${keptFor}::interval`)
      }
      const [row] = await database.query(sql`
        insert into sign_in_attempts as a (counted, count, since) values (${keyOf(counted)}, 1, now())
        on conflict (counted) do update set
          count = case when a.since <= now() - make_interval(secs => ${window}) then 1
                       else least(a.count + 1, ${max} + 1) end,
          since = case when a.since <= now() - make_interval(secs => ${window}) then now() else a.since end
        returning count, extract(epoch from since - now())::double precision + ${window} as left`)
      const { count, left }: { count: number; left: number } = row
      return count <= max
        ? { allowed: true, retryAfter: null }
        : { allowed: false, retryAfter: Math.max(1, Math.ceil(left)) }
    },
    async forget(counted) {
      await database.query(sql`delete from sign_in_attempts where counted = ${keyOf(counted)}`)
    },
  }
}
