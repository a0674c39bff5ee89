/** Someone who watches a ride to its end, and after every cut goes on behind the last event that was seen. */
import { setTimeout as pause } from 'node:timers/promises'
import type { Random } from '#recordings/simulate/simulate-random.ts'
import { connect } from '../api/client.ts'
import type { Ledger } from './ledger.ts'

export interface WatcherOptions {
  readonly urls: readonly string[]
  readonly ledger: Ledger
  readonly random: Random
  /** Aborts when nothing more can be hoped for. */
  readonly signal: AbortSignal
}

/** What was seen of a ride, in the order in which it came. */
export interface Watched {
  readonly rideId: string
  readonly items: readonly WatchedItem[]
}

export interface WatchedItem {
  readonly version: number
  readonly type: string
  readonly positions: number
}

const document = `subscription ($rideId: ID!, $after: Cursor) {
  rideFeed(rideId: $rideId, after: $after, until: FINISHED) { cursor version type positions { at } }
}`

/** Of all items, so many are the last for now: whoever watches looks away, and comes back. */
const leavingShare = 0.05

interface FeedItem {
  readonly cursor: string
  readonly version: number
  readonly type: string
  readonly positions: readonly unknown[]
}

/** Resolves when the feed has completed. */
export async function watch(
  rideId: string,
  { urls, ledger, random, signal }: WatcherOptions,
): Promise<Watched> {
  const items: WatchedItem[] = []
  let after: string | undefined
  for (;;) {
    if (signal.aborted) {
      ledger.find('lost', `The feed of ride ${rideId} did not come to its end`)
      return { rideId, items }
    }
    const url = urls[Math.floor(random() * urls.length)]!
    await using client = connect(url, { retries: 0 })
    const dispose = () => void client[Symbol.asyncDispose]()
    signal.addEventListener('abort', dispose)
    try {
      let isLeft = false
      for await (const { data, errors } of client.subscribe(document, { rideId, after })) {
        if (errors !== undefined) throw errors
        const item = data?.['rideFeed'] as FeedItem | undefined
        if (item === undefined) throw new Error('A feed item without data')
        after = item.cursor
        items.push({ version: item.version, type: item.type, positions: item.positions.length })
        isLeft = random() < leavingShare
        if (isLeft) break
      }
      if (isLeft) {
        ledger.count('feeds left and resumed')
        continue
      }
      ledger.count('feeds watched to their end')
      return { rideId, items }
    } catch (cut) {
      const code = codeOf(cut)
      ledger.count(`feeds resumed: ${code}`)
      // Deleted while nobody looked: then there is nothing more to see.
      if (code === 'RIDE_NOT_FOUND' && ledger.deletions.has(rideId)) return { rideId, items }
      // What was acknowledged is there, and so is every place in it.
      if (code === 'RIDE_NOT_FOUND' || code === 'CURSOR_UNKNOWN') {
        ledger.find('broken', `The feed of ride ${rideId} was refused with ${code}`)
        return { rideId, items }
      }
    } finally {
      signal.removeEventListener('abort', dispose)
    }
    await pause(100 * (0.5 + random()))
  }
}

/** GraphQL errors come as an array; a socket that closes rejects with its CloseEvent. */
function codeOf(cut: unknown): string {
  if (Array.isArray(cut)) {
    const error = cut[0] as { message?: string; extensions?: { code?: string } } | undefined
    return error?.extensions?.code ?? error?.message ?? 'an error'
  }
  return cut instanceof Error ? cut.message : 'cut'
}
