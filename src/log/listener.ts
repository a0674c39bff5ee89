/**
 * LISTEN, by pg-listen: one connection a process. A notification is a hint, never data: whoever is woken reads for
 * himself, and reads again when the connection comes back, for hints may have been lost meanwhile.
 */
import pgListen from 'pg-listen'

export interface Listener {
  /** Calls `hear` at every hint on the channel, and once whenever the connection came back. Answers how to stop. */
  on(channel: Channel, hear: () => void): () => void
  close(): Promise<void>
}

/** `log`: events were appended. `projected`: a projection has moved on. */
export type Channel = 'log' | 'projected'

const channels: readonly Channel[] = ['log', 'projected']

export interface ListenerOptions {
  readonly url: string
  readonly onLost: () => void
  readonly onReturned: () => void
}

export async function openListener({ url, onLost, onReturned }: ListenerOptions): Promise<Listener> {
  const hearers: Record<Channel, Set<() => void>> = { log: new Set(), projected: new Set() }
  const subscriber = pgListen.default(
    { connectionString: url, application_name: 'slipstream listen' },
    {
      parse: (payload: string) => payload,
      paranoidChecking: 30_000,
      // It gives up after three seconds unless told otherwise.
      retryTimeout: Number.POSITIVE_INFINITY,
      retryInterval: (attempt: number) => Math.min(5_000, 100 * 2 ** attempt) * (0.5 + Math.random() / 2),
    },
  )
  function wake(channel: Channel): void {
    for (const hear of hearers[channel]) hear()
  }
  let lost = false
  subscriber.events.on('reconnect', () => {
    if (!lost) onLost()
    lost = true
  })
  subscriber.events.on('connected', () => {
    if (!lost) return
    lost = false
    onReturned()
    for (const channel of channels) wake(channel)
  })
  subscriber.events.on('error', () => onLost())
  for (const channel of channels) subscriber.notifications.on(channel, () => wake(channel))
  await subscriber.connect()
  for (const channel of channels) await subscriber.listenTo(channel)
  return {
    on(channel, hear) {
      hearers[channel].add(hear)
      return () => hearers[channel].delete(hear)
    },
    close: () => subscriber.close(),
  }
}
