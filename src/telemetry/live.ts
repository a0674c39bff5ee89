/** Live feeds: who is connected, what they are sent, and what waits for them. */
import { Counter, Gauge, type Registry } from 'prom-client'

export interface Live {
  /** Sockets, as they are when Prometheus asks. */
  watchSockets(look: () => SocketsNow): void
  /** Fan-out, as it has counted since it was opened. */
  watchFanOut(look: () => FanOutSoFar): void
  /** A subscription to this field of the schema begins, on whatever road. Answers what is called when it has ended. */
  subscription(field: string): () => void
  /** How many rides are watched in this process. */
  watchRides(look: () => number): void
}

export interface SocketsNow {
  readonly open: number
  /** Those that are sent nothing more until what waits for them has gone. */
  readonly full: number
  readonly bufferedBytes: number
}

export interface FanOutSoFar {
  /** Messages that were handed to sockets. */
  readonly sent: number
  /** Those among them that had been sent to another before. */
  readonly shared: number
}

export function liveMetrics(registry: Registry): Live {
  const registers = [registry]
  let sockets = (): SocketsNow => ({ open: 0, full: 0, bufferedBytes: 0 })
  let rides = () => 0
  new Gauge({
    name: 'slipstream_sockets',
    help: 'WebSockets that are open.',
    registers,
    collect() {
      this.set(sockets().open)
    },
  })
  new Gauge({
    name: 'slipstream_sockets_full',
    help: 'WebSockets that are sent nothing more until what waits for them has gone: slow clients.',
    registers,
    collect() {
      this.set(sockets().full)
    },
  })
  new Gauge({
    name: 'slipstream_sockets_buffered_bytes',
    help: 'What waits to be sent over WebSockets.',
    registers,
    collect() {
      this.set(sockets().bufferedBytes)
    },
  })
  const subscriptions = new Gauge({
    name: 'slipstream_subscriptions',
    help: 'Subscriptions that go on, by the field that they ask for.',
    labelNames: ['field'],
    registers,
  })
  new Gauge({
    name: 'slipstream_watched_rides',
    help: 'Rides that somebody watches by this process.',
    registers,
    collect() {
      this.set(rides())
    },
  })
  const sent = soFar(
    registry,
    'slipstream_frames_sent_total',
    'Messages of subscriptions that were sent over WebSockets.',
  )
  const shared = soFar(
    registry,
    'slipstream_frames_shared_total',
    'Messages among them that were made before, for another subscriber.',
  )
  return {
    watchSockets(look) {
      sockets = look
    },
    watchFanOut(look) {
      sent.watch(() => look().sent)
      shared.watch(() => look().shared)
    },
    subscription(field) {
      const one = subscriptions.labels(field)
      one.inc()
      let isOver = false
      return () => {
        if (!isOver) one.dec()
        isOver = true
      }
    },
    watchRides(look) {
      rides = look
    },
  }
}

/** A counter of what is counted elsewhere, where to count takes part in every message. */
function soFar(registry: Registry, name: string, help: string): { watch(look: () => number): void } {
  let look = () => 0
  let counted = 0
  new Counter({
    name,
    help,
    registers: [registry],
    collect() {
      const now = look()
      this.inc(Math.max(0, now - counted))
      counted = now
    },
  })
  return {
    watch(looking) {
      look = looking
      counted = 0
    },
  }
}
