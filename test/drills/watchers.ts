/** Watchers as docs/integrators.md has them: they go on behind the last cursor, over a WebSocket or by server-sent events. */
import { setTimeout as pause } from 'node:timers/promises'
import type { Ledger } from '../faults/ledger.ts'
import type { Watched, WatchedItem } from '../faults/watcher.ts'
import { connectSocket, type Road } from './clients.ts'

export interface WatchOptions {
  readonly url: string
  readonly ledger: Ledger
  /** Aborts when nothing more can be hoped for. */
  readonly signal: AbortSignal
}

interface FeedItem {
  readonly cursor: string
  readonly version: number
  readonly type: string
  readonly positions: readonly unknown[]
}

interface Given {
  readonly data?: Readonly<Record<string, unknown>> | null
  readonly errors?: readonly { readonly message: string; readonly extensions?: object }[]
}

const query = `subscription ($rideId: ID!, $after: Cursor) {
  rideFeed(rideId: $rideId, after: $after, until: FINISHED) { cursor version type positions { at } }
}`
const againAfterMs = 1_000

/** Resolves when the feed has completed. */
export async function watchBy(road: Road, rideId: string, options: WatchOptions): Promise<Watched> {
  const { ledger, signal } = options
  const items: WatchedItem[] = []
  const variables: { rideId: string; after: string | null } = { rideId, after: null }
  const follow = road === 'HTTP' ? overEvents : overSocket
  const name = road === 'HTTP' ? 'server-sent events' : 'WebSockets'

  function take({ data, errors }: Given): void {
    if (errors !== undefined) throw new Refused(codeOf(errors))
    const item = data?.['rideFeed']
    if (item === undefined) throw new Error('A feed item without data')
    const { cursor, version, type, positions } = item as FeedItem
    items.push({ version, type, positions: positions.length })
    // What is sent again by itself goes on here, too.
    variables.after = cursor
  }

  while (!signal.aborted) {
    try {
      const isComplete = await follow(options, variables, take)
      if (isComplete) {
        ledger.count(`feeds over ${name} watched to their end`)
        return { rideId, items }
      }
    } catch (error) {
      const code = error instanceof Refused ? error.code : undefined
      // Deleted while nobody looked.
      if (code === 'RIDE_NOT_FOUND' && ledger.deletions.has(rideId)) return { rideId, items }
      if (code === 'RIDE_NOT_FOUND' || code === 'CURSOR_UNKNOWN') {
        ledger.find('broken', `The feed of ride ${rideId} was refused with ${code}`)
        return { rideId, items }
      }
    }
    ledger.count(`cuts of feeds over ${name}`)
    await pause(againAfterMs, undefined, { signal }).catch(() => undefined)
  }
  ledger.find('lost', `The feed of ride ${rideId} over ${name} did not come to its end`)
  return { rideId, items }
}

class Refused extends Error {
  readonly code: string
  constructor(code: string) {
    super(code)
    this.code = code
  }
}

function codeOf(errors: NonNullable<Given['errors']>): string {
  const { extensions = {}, message } = errors[0]!
  return 'code' in extensions ? String(extensions.code) : message
}

type Follow = (options: WatchOptions, variables: object, take: (given: Given) => void) => Promise<boolean>

const overSocket: Follow = async ({ url, ledger, signal }, variables, take) => {
  const client = connectSocket(url, () => ledger.count('cuts of feeds over WebSockets'))
  const dispose = () => void client.dispose()
  signal.addEventListener('abort', dispose)
  try {
    for await (const given of client.iterate({ query, variables: variables as Record<string, unknown> })) {
      take(given as Given)
    }
    return !signal.aborted
  } catch (error) {
    if (Array.isArray(error)) throw new Refused(codeOf(error))
    throw error
  } finally {
    signal.removeEventListener('abort', dispose)
    await client.dispose()
  }
}

const overEvents: Follow = async ({ url, signal }, variables, take) => {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({ query, variables }),
    signal,
  })
  if (!response.ok || response.body === null) return false
  let rest = ''
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      if (line.startsWith('event: complete')) return true
      if (line.startsWith('data: {')) take(JSON.parse(line.slice('data: '.length)) as Given)
    }
  }
  return false
}
