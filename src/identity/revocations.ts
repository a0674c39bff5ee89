/** What was revoked, as the database tells it: at once by a notice, and every few seconds by a look at what no notice said. */
import { type Queryable, sql } from '@databases/pg'
import type { Known } from './known.ts'

export interface Revocations {
  /** A notice: the credential, and its revocation's number. */
  hear(said: string): void
  /** Strikes off what was revoked since the last look that succeeded, however long ago that is. */
  look(): Promise<void>
  /** Forgets revocations that are older than they are kept. */
  clean(): Promise<void>
}

/** Further back than any transaction is open, so that none is missed that was committed late. */
const looksBack = '2 minutes'
const keptFor = '1 day'

interface Row {
  /** Microseconds are kept in a text. */
  readonly now: string
  readonly is_too_late: boolean
  /** Null where nothing was revoked. */
  readonly id: string | null
  readonly credential: string | null
}

export function openRevocations(
  database: Queryable,
  known: Pick<Known, 'revoke' | 'revokeAll'>,
): Revocations {
  /** The database's time of the last look that succeeded: only that of one clock can be compared. */
  let lookedAt: string | null = null
  let looks = 0
  /**
   * The revocations that were acted on and may be met again, with the look of that time. Each strikes off once: what is looked up
   * after it was seen is good in spite of it, as a key is whose scopes were changed. Times would not do: a look-up may come between
   * a revocation and its commit.
   */
  const seen = new Map<string, number>()

  function hear(said: string): void {
    const [credential = '', id = ''] = said.split(' ')
    seen.set(id, looks)
    known.revoke([credential])
  }

  async function look(): Promise<void> {
    const thisLook = ++looks
    const rows: Row[] = await database.query(sql`
      select now()::text as now, coalesce(since < now() - ${keptFor}::interval, true) as is_too_late,
             r.id::text as id, r.credential
        from (select ${lookedAt}::timestamptz - ${looksBack}::interval as since) s
        left join revocations r on r.at > since`)
    const unseen = new Set<string>()
    for (const { id, credential } of rows) {
      if (id === null || credential === null) continue
      if (!seen.has(id)) unseen.add(credential)
      seen.set(id, thisLook)
    }
    for (const [id, at] of seen) if (at < thisLook) seen.delete(id)
    if (rows[0]?.is_too_late) known.revokeAll()
    else known.revoke(unseen)
    lookedAt = rows[0]?.now ?? null
  }

  return {
    hear,
    look,
    async clean() {
      await database.query(sql`delete from revocations where at < now() - ${keptFor}::interval`)
    },
  }
}
