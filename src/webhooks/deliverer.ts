/**
 * Sends what is waiting: fills the queue with what is written down, takes what is due, sends it, writes down what came of it.
 *
 *   WAITING ── in the queue ── due ──► sent ── taken by the receiver ──► DELIVERED
 *      ▲                                ├── not taken ──► WAITING, longer each time
 *      │                                └── not taken, for the last time, or the endpoint is disabled ──► FAILED
 *      └────────────────── redelivered ────────────────────────────────────────┘
 *
 * A worker that dies before it has written anything down leaves the job to be taken again: at least once. One that dies behind
 * that leaves a job whose attempt was made already: it is passed over.
 */
import { sql } from '@databases/pg'
import { backoffMs } from '#database/backoff.ts'
import { isAway } from '#database/faults.ts'
import { createHint, pause } from '#log/hint.ts'
import { attemptDelivery, type Means } from './attempt.ts'
import { openQueue, type Queue, type TakenAttempt } from './queue.ts'

export interface Deliverer {
  /** There may be something to be sent. */
  wake(): void
  /** Runs until `signal` aborts; what is under way then is given up, and given back. */
  run(signal: AbortSignal): Promise<void>
  close(): Promise<void>
}

export interface DelivererOptions extends Means {
  readonly url: string
  readonly pollMs?: number
  readonly expireInSeconds?: number
}

/** Slow receivers keep but a connection each. */
const mostAtOnce = 64
const mostToFill = 200
const waits = { firstMs: 100, longestMs: 10_000 }
const sweepEveryMs = 600_000
const keptForDays = 30

/** Throws QueueRefused where the queue may not be made. */
export async function openDeliverer(
  options: DelivererOptions,
): Promise<Deliverer & { readonly queue: Queue }> {
  const { onFault, pollMs = 1_000 } = options
  const hint = createHint()
  const queue = await openQueue({ ...options, onFault: tell })
  const underWay = new Set<Promise<void>>()
  let sweepAt = 0

  function tell(error: unknown): void {
    if (!isAway(error)) onFault(error)
  }

  async function round(signal: AbortSignal): Promise<boolean> {
    const filled = await queue.fill(mostToFill)
    const room = mostAtOnce - underWay.size
    const taken = room > 0 ? await queue.take(room) : []
    for (const each of taken) {
      const work = make(each, signal)
        .catch(tell)
        .finally(() => {
          underWay.delete(work)
          hint.give()
        })
      underWay.add(work)
    }
    return filled === mostToFill || taken.length > 0
  }

  async function make(taken: TakenAttempt, signal: AbortSignal): Promise<void> {
    try {
      await attemptDelivery(options, taken, signal)
    } catch (error) {
      // Nothing is written down: it is made again, by this worker or another one.
      if (!signal.aborted) throw error
      await queue.giveBack(taken)
      return
    }
    await queue.done(taken)
  }

  async function sweep(): Promise<void> {
    if (performance.now() < sweepAt) return
    sweepAt = performance.now() + sweepEveryMs
    await options.database.query(sql`
      delete from webhook_deliveries
       where created_at < clock_timestamp() - make_interval(days => ${keptForDays}) and state <> 'WAITING'`)
  }

  return {
    queue,
    wake: hint.give,
    async run(signal) {
      let faults = 0
      while (!signal.aborted) {
        try {
          await sweep()
          const isBusy = await round(signal)
          faults = 0
          if (!isBusy) await hint.wait(pollMs, signal)
        } catch (error) {
          if (!signal.aborted) tell(error)
          await pause(backoffMs(++faults, waits, Math.random), signal)
        }
      }
      await Promise.all(underWay)
    },
    close: () => queue.close(),
  }
}
