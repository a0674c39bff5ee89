/**
 * LISTEN, by pg-listen: one connection a process. A notification is a hint, never data: whoever is woken reads for
 * himself, and reads again when the connection comes back, for hints may have been lost meanwhile.
 *
 *   listening ── connection lost ──► lost ── connect and LISTEN ──► listening, all woken
 *                                     └──── failed ──► waiting, longer each time, for ever ──► lost
 *
 * A subscriber serves for one connection: when it connects again by itself and LISTEN fails then (a server that is just
 * shutting down), it says so and does nothing more.
 */
import { setTimeout as pause } from 'node:timers/promises'
import pgListen from 'pg-listen'
import type { Availability } from '#database/availability.ts'
import { backoffMs } from '#database/backoff.ts'
import { isOnUnixSocket } from '#database/unix-socket.ts'

export interface Listener {
  /**
   * Calls `hear` at every hint on the channel, with what it says, and once, with nothing, whenever the connection came back.
   * Answers how to stop.
   */
  on(channel: Channel, hear: (said?: string) => void): () => void
  close(): Promise<void>
}

/**
 * `log`: events were appended. `identity`: the log was found to be another incarnation. `projected`: a projection has moved on.
 * `serving`: it serves from other tables. `revoked`: a key, a session or a token is good no longer.
 * `masks`: a rider's privacy zones have changed. `leaving`: a rider is to be forgotten.
 */
export const channels = ['log', 'identity', 'projected', 'serving', 'revoked', 'masks', 'leaving'] as const
export type Channel = (typeof channels)[number]

export interface ListenerOptions {
  readonly url: string
  /** Once when the connection is lost, and once when it is back, however many attempts lie between. */
  readonly onLost: () => void
  readonly onReturned: () => void
  /**
   * Known to be away the database is not listened to any more, for a connection that swallows everything looks like a quiet
   * one. And all are woken when it is back: who met it away waits the longer the more often that was.
   */
  readonly availability?: Availability
  readonly random?: () => number
}

const backoff = { firstMs: 50, longestMs: 1_000 }
/** A connection that swallows everything is noticed by a question that gets no answer. */
const network = { checkEveryMs: 5_000, answerWithinMs: 3_000 }
const unixSocket = { checkEveryMs: 30_000, answerWithinMs: undefined }
const closingTimeMs = 1_000

export async function openListener(options: ListenerOptions): Promise<Listener> {
  const { url, onLost, onReturned, availability, random = Math.random } = options
  const hearers = new Map<Channel, Set<(said?: string) => void>>(
    channels.map((channel) => [channel, new Set()]),
  )
  const closing = new AbortController()

  let current: Subscriber | undefined

  function wake(channel: Channel, said?: string): void {
    for (const hear of hearers.get(channel) ?? []) hear(said)
  }

  function wakeAll(): void {
    for (const channel of channels) wake(channel)
  }

  /** Rejects where it cannot listen to every channel. */
  async function listen(): Promise<Subscriber> {
    const subscriber = createSubscriber(url)
    subscriber.events.on('error', () => {
      if (subscriber === current) lose()
    })
    for (const channel of channels)
      subscriber.notifications.on(channel, (said: unknown) => wake(channel, String(said)))
    try {
      await subscriber.connect()
      for (const channel of channels) await subscriber.listenTo(channel)
    } catch (error) {
      discard(subscriber)
      throw error
    }
    return subscriber
  }

  function lose(): void {
    if (current === undefined) return
    discard(current)
    current = undefined
    if (closing.signal.aborted) return
    onLost()
    void listenAgain()
  }

  async function listenAgain(): Promise<void> {
    for (let attempt = 1; current === undefined; attempt++) {
      const wait = backoffMs(attempt, backoff, random)
      await pause(wait, undefined, { signal: closing.signal }).catch(() => undefined)
      if (closing.signal.aborted) return
      current = await listen().catch(() => undefined)
    }
    if (closing.signal.aborted) return discard(current)
    onReturned()
    wakeAll()
  }

  current = await listen()
  availability?.onChange((status) => {
    if (status === 'away') lose()
    if (status === 'available') wakeAll()
  })
  return {
    on(channel, hear) {
      hearers.get(channel)?.add(hear)
      return () => hearers.get(channel)?.delete(hear)
    },
    async close() {
      closing.abort()
      await Promise.race([current?.close(), pause(closingTimeMs, undefined, { ref: false })])
    },
  }
}

type Subscriber = ReturnType<typeof createSubscriber>

function createSubscriber(url: string) {
  const { checkEveryMs, answerWithinMs } = isOnUnixSocket(url) ? unixSocket : network
  return pgListen.default(
    {
      connectionString: url,
      application_name: 'slipstream listen',
      connectionTimeoutMillis: answerWithinMs,
      query_timeout: answerWithinMs,
    },
    {
      parse: (payload: string) => payload,
      paranoidChecking: checkEveryMs,
      // None: it says `error` when the connection is lost.
      retryLimit: 1,
    },
  )
}

/** Not waited for: a server that is gone does not say goodbye. */
function discard(subscriber: Subscriber): void {
  subscriber.close().catch(() => undefined)
}
