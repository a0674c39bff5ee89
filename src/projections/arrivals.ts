/**
 * Waiting until the read side has a ride's version. All who wait share one query, asked when a projection has
 * moved on (a hint) and, while anybody waits, now and then.
 */
import { sql } from 'kysely'
import type { Listener } from '#log/listener.ts'
import type { Audience } from './ride-rows.ts'
import type { Serving } from './serving.ts'

export interface Arrivals {
  /** True once the read side has that version, or has the ride no longer; false after `timeoutMs`. */
  arrived(ride: Awaited, timeoutMs: number): Promise<boolean>
  close(): void
}

export interface Awaited {
  readonly partition: number
  readonly rideId: string
  readonly version: number
  /** Of a ride with privacy zones others are told other versions than its rider, who is meant where it is left out. */
  readonly audience?: 'rider' | 'others'
}

interface Waiter extends Awaited {
  readonly settle: (arrived: boolean) => void
}

const backstopMs = 200

export function openArrivals({ serving, listener }: { serving: Serving; listener: Listener }): Arrivals {
  const waiters = new Set<Waiter>()
  let looking = false
  let lookAgain = false
  const stopListening = listener.on('projected', look)
  const backstop = setInterval(look, backstopMs)

  function look(): void {
    if (waiters.size === 0) return
    if (looking) {
      lookAgain = true
      return
    }
    looking = true
    void lookOnce().finally(() => {
      looking = false
      if (lookAgain) {
        lookAgain = false
        look()
      }
    })
  }

  /** A fault leaves the waiters to the next look and to their time-out. */
  async function lookOnce(): Promise<void> {
    const asked = [...waiters]
    const partitions = [...new Set(asked.map((waiter) => waiter.partition))]
    const read = serving.read()
    let rows: { ride_id: string; version: number; audience: Audience }[]
    let gone: ReadonlySet<string>
    try {
      rows = await read
        .selectFrom('ride_progress')
        .select(['ride_id', 'version', 'audience'])
        .where('partition', 'in', partitions)
        // One parameter, however many wait.
        .where('ride_id', '=', sql<string>`any(${asked.map((waiter) => waiter.rideId)}::uuid[])`)
        .execute()
      gone = await deleted(asked.filter(({ rideId }) => rows.every((row) => row.ride_id !== rideId)))
    } catch {
      return
    }
    const versionsBut = (audience: Audience) =>
      new Map(rows.filter((row) => row.audience !== audience).map((row) => [row.ride_id, row.version]))
    const versions = { rider: versionsBut('others'), others: versionsBut('rider') }
    for (const { rideId, version, audience = 'rider', settle } of asked) {
      if ((versions[audience].get(rideId) ?? 0) >= version || gone.has(rideId)) settle(true)
    }
  }

  /** Of the rides that the read side does not have, those it has no longer: theirs has arrived. */
  async function deleted(missing: readonly Waiter[]): Promise<ReadonlySet<string>> {
    if (missing.length === 0) return new Set()
    const { rows } = await sql<{ stream_id: string }>`
      select stream_id from streams
       where partition = any(${[...new Set(missing.map((waiter) => waiter.partition))]}::smallint[])
         and stream_id = any(${missing.map((waiter) => waiter.rideId)}::uuid[]) and deleted`.execute(
      serving.read(),
    )
    return new Set(rows.map((row) => row.stream_id))
  }

  return {
    arrived(awaited, timeoutMs) {
      return new Promise((resolve) => {
        const timer = setTimeout(() => waiter.settle(false), timeoutMs)
        const waiter: Waiter = {
          ...awaited,
          settle(arrived) {
            clearTimeout(timer)
            waiters.delete(waiter)
            resolve(arrived)
          },
        }
        waiters.add(waiter)
        look()
      })
    },
    close() {
      stopListening()
      clearInterval(backstop)
      for (const waiter of waiters) waiter.settle(false)
    },
  }
}
