/** What a stream's log has behind a version: read once for all who ask at one time, also from different versions. */
import { isUnavailable } from '#database/faults.ts'
import { pause } from '#log/hint.ts'
import type { Log } from '#log/log.ts'
import { type RecordedEvent, readStream } from '#log/read.ts'

export interface History {
  /**
   * Events of contiguous versions, among them the one behind `after`; none where there is none. Of a stream whose
   * tombstone is among them, the tombstone alone. Where the database is away it waits.
   *
   * @param newest the newest version that is known of, which decides how much is read.
   */
  behind(after: number, newest: number): Promise<readonly RecordedEvent[]>
  /** Lets go of what it keeps. */
  forget(): void
}

export interface HistoryOptions {
  readonly isTombstone: (event: RecordedEvent) => boolean
  /** Nobody waits for it any more. */
  readonly signal: AbortSignal
}

const largestPage = 128
/** Whole pages do not change; whoever reads a ride from its start is rarely alone, and seldom in step. */
const keptPages = 4
/** A read that cannot be sent is refused at once, so that asking often costs nothing while the database is away. */
const longestWaitMs = 1_000

export function openHistory(log: Log, streamId: string, { isTombstone, signal }: HistoryOptions): History {
  const underWay = new Map<string, Promise<readonly RecordedEvent[]>>()
  const kept = new Map<number, readonly RecordedEvent[]>()

  async function read(after: number, limit: number): Promise<readonly RecordedEvent[]> {
    for (let failures = 1; ; failures++) {
      try {
        const page = await readStream(log, streamId, { after, limit })
        const tombstone = page.find(isTombstone)
        return tombstone === undefined ? page : [tombstone]
      } catch (error) {
        if (!isUnavailable(error)) throw error
        await pause(Math.min(longestWaitMs, 50 * 2 ** failures), signal)
        if (signal.aborted) return []
      }
    }
  }

  function keep(after: number, page: readonly RecordedEvent[]): void {
    if (page.length < largestPage || page.some(({ data }) => data === null)) return
    kept.set(after, page)
    if (kept.size > keptPages) kept.delete(kept.keys().next().value ?? after)
  }

  return {
    async behind(version, newest) {
      const limit = pageSize(newest - version)
      // At the head all ask for the same; behind it pages begin at multiples of their size, so that they are the same.
      const after = newest > version ? version - (version % limit) : version
      const whole = limit === largestPage ? kept.get(after) : undefined
      if (whole !== undefined) return whole
      const name = `${after}/${limit}`
      let reading = underWay.get(name)
      if (reading === undefined) {
        reading = read(after, limit)
        underWay.set(name, reading)
        try {
          const page = await reading
          // Unless what was read was let go of meanwhile.
          if (limit === largestPage && underWay.get(name) === reading) keep(after, page)
          return page
        } finally {
          if (underWay.get(name) === reading) underWay.delete(name)
        }
      }
      return reading
    },
    forget() {
      kept.clear()
      underWay.clear()
    },
  }
}

/** As many as are wanted, as a power of two: at the head a look, from far behind the largest. */
function pageSize(wanted: number): number {
  return wanted <= 0 ? largestPage : Math.min(largestPage, 2 ** Math.ceil(Math.log2(Math.max(8, wanted))))
}
