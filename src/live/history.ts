/** What a stream's log has behind a version: read once for all who ask at one time, also from different versions. */
import { isUnavailable } from '#database/faults.ts'
import { pause } from '#log/hint.ts'
import type { Log } from '#log/log.ts'
import { type RecordedEvent, readStream } from '#log/read.ts'

const largestPage = 128
/** Whole pages do not change; whoever reads a ride from its start is rarely alone, and seldom in step. */
const keptPages = 4
/** A read that cannot be sent is refused at once, so that asking often costs nothing while the database is away. */
const longestWaitMs = 1_000

export interface HistoryOptions {
  readonly log: Log
  readonly streamId: string
  readonly isTombstone: (event: RecordedEvent) => boolean
  /** Aborts when nobody waits any more. */
  readonly signal: AbortSignal
}

type Page = readonly RecordedEvent[]

/** There is one for each stream that is watched, mostly by somebody who is at its head: it is small while it has nothing to do. */
export class History {
  readonly #options: HistoryOptions
  #underWay: Map<string, Promise<Page>> | undefined
  #kept: Map<number, Page> | undefined

  constructor(options: HistoryOptions) {
    this.#options = options
  }

  /**
   * Events of contiguous versions, among them the one behind `after`; none where there is none. Of a stream whose
   * tombstone is among them, the tombstone alone. Where the database is away it waits.
   *
   * @param newest the newest version that is known of, which decides how much is read.
   */
  async behind(version: number, newest: number): Promise<Page> {
    const limit = pageSize(newest - version)
    // At the head all ask for the same; behind it pages begin at multiples of their size, so that they are the same.
    const after = newest > version ? version - (version % limit) : version
    return this.#kept?.get(after) ?? this.#shared(after, limit)
  }

  /** Lets go of what it keeps. */
  forget(): void {
    this.#kept = undefined
    this.#underWay = undefined
  }

  async #shared(after: number, limit: number): Promise<Page> {
    const name = `${after}/${limit}`
    const known = this.#underWay?.get(name)
    if (known !== undefined) return known
    const reading = this.#read(after, limit)
    const underWay = this.#underWay ?? new Map<string, Promise<Page>>()
    this.#underWay = underWay
    underWay.set(name, reading)
    try {
      const page = await reading
      // Unless it is let go of what was read until now.
      if (this.#underWay === underWay) this.#keep(after, page)
      return page
    } finally {
      underWay.delete(name)
      if (underWay.size === 0 && this.#underWay === underWay) this.#underWay = undefined
    }
  }

  async #read(after: number, limit: number): Promise<Page> {
    const { log, streamId, isTombstone, signal } = this.#options
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

  #keep(after: number, page: Page): void {
    if (page.length < largestPage || page.some(({ data }) => data === null)) return
    this.#kept ??= new Map()
    this.#kept.set(after, page)
    if (this.#kept.size > keptPages) this.#kept.delete(this.#kept.keys().next().value ?? after)
  }
}

/** As many as are wanted, as a power of two: at the head a look, from far behind the largest. */
function pageSize(wanted: number): number {
  return wanted <= 0 ? largestPage : Math.min(largestPage, 2 ** Math.ceil(Math.log2(Math.max(8, wanted))))
}
