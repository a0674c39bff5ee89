/**
 * Whether the database is there. Whoever meets a failure tells; then nothing is sent any more, and a probe alone looks,
 * with jittered back-off and for as long as it takes, until the database answers.
 *
 *   available ── a call failed ─────────────────────────► doubted ── probe answers ──► available
 *       │                                                    └────── probe fails ────► away
 *       └── a connection broke, or a call is long without answer: the probe fails ───► away ── probe answers ──► available
 */
import { setTimeout as pause } from 'node:timers/promises'
import { backoffMs } from './backoff.ts'
import { DatabaseUnavailable } from './faults.ts'

export type Status = 'available' | 'doubted' | 'away'

export interface Availability {
  readonly status: Status
  /** A call failed of what says that the database is away, not of what the server made of the call. */
  failed(error: unknown): void
  /** Something hints that the database may be away; `error` where that is one. */
  look(error?: unknown): void
  onChange(hear: (status: Status) => void): void
  /** Resolves while it is available; rejects with DatabaseUnavailable when `signal` aborts or it is closed. */
  returned(signal: AbortSignal): Promise<void>
  close(): void
}

export interface AvailabilityOptions {
  /** Never rejects. */
  readonly probe: () => Promise<boolean>
  /** Milliseconds, from anywhere. */
  readonly now: () => number
  readonly random: () => number
  /** Once when it goes, and once when it is back. */
  readonly onAway: () => void
  readonly onBack: () => void
  /** Something broke, but the database is there. Said at most once in ten seconds. */
  readonly onBroken: (error: unknown) => void
}

const backoff = { firstMs: 50, longestMs: 1_000 }
/** What fails this soon after a return has not returned: the back-off goes on where it was. */
const steadyAfterMs = 1_000
const brokenEveryMs = 10_000

export function openAvailability(options: AvailabilityOptions): Availability {
  const { probe, now, random, onAway, onBack, onBroken } = options
  const closing = new AbortController()
  const hearers = new Set<(status: Status) => void>()
  let status: Status = 'available'
  let probing = false
  let attempts = 0
  let failedMeanwhile = false
  let broken: unknown
  let returnedAt = Number.NEGATIVE_INFINITY
  let saidBrokenAt = Number.NEGATIVE_INFINITY

  function enter(next: Status): void {
    status = next
    for (const hear of [...hearers]) hear(next)
  }

  /** One at a time, until the database answers. */
  async function find(): Promise<void> {
    if (probing) return
    probing = true
    if (now() - returnedAt > steadyAfterMs) attempts = 0
    while (!closing.signal.aborted) {
      if (attempts > 0) await wait(backoffMs(attempts, backoff, random))
      attempts++
      failedMeanwhile = false
      const answers = await probe()
      if (closing.signal.aborted) break
      if (answers && !failedMeanwhile) {
        probing = false
        settle()
        return
      }
      if (!answers && status !== 'away') {
        enter('away')
        onAway()
      }
    }
    probing = false
  }

  function settle(): void {
    returnedAt = now()
    if (status === 'away') {
      attempts = 1
      onBack()
    } else if (broken !== undefined && returnedAt - saidBrokenAt > brokenEveryMs) {
      saidBrokenAt = returnedAt
      onBroken(broken)
    }
    broken = undefined
    if (status !== 'available') enter('available')
  }

  async function wait(ms: number): Promise<void> {
    await pause(ms, undefined, { signal: closing.signal }).catch(() => undefined)
  }

  return {
    get status() {
      return status
    },
    failed(error) {
      if (closing.signal.aborted) return
      broken = error
      failedMeanwhile = true
      if (status === 'available') enter('doubted')
      void find()
    },
    look(error) {
      broken ??= error
      void find()
    },
    onChange: (hear) => hearers.add(hear),
    returned(signal) {
      if (status === 'available') return Promise.resolve()
      return new Promise((resolve, reject) => {
        const ends = [signal, closing.signal]
        if (ends.some((end) => end.aborted)) return reject(new DatabaseUnavailable('It was stopped'))
        for (const end of ends) end.addEventListener('abort', done)
        hearers.add(done)
        function done() {
          const isBack = status === 'available'
          if (!isBack && !ends.some((end) => end.aborted)) return
          for (const end of ends) end.removeEventListener('abort', done)
          hearers.delete(done)
          if (isBack) resolve()
          else reject(new DatabaseUnavailable('It was stopped'))
        }
      })
    },
    close: () => closing.abort(),
  }
}
