/**
 * Whether the database has room on its disk. It answers without it, and what needs none goes on; what cannot be written is told
 * here.
 *
 *   enough ── a write was refused ──► full ── none was for ten seconds ──► enough
 */
import { sqlState } from './faults.ts'

export interface Room extends Disposable {
  readonly isFull: boolean
  /** A statement failed. */
  failed(error: unknown): void
}

export interface RoomOptions {
  /** Once each time. */
  readonly onFull: () => void
  readonly onEnough: () => void
}

/** Small writes still find a place now and then: so long nothing has to be refused. Clients send again after a second or so. */
const enoughAfterMs = 10_000

export function openRoom({ onFull, onEnough }: RoomOptions): Room {
  let waiting: NodeJS.Timeout | undefined
  return {
    get isFull() {
      return waiting !== undefined
    },
    failed(error) {
      if (!isDiskFull(error)) return
      if (waiting !== undefined) {
        waiting.refresh()
        return
      }
      waiting = setTimeout(() => {
        waiting = undefined
        onEnough()
      }, enoughAfterMs)
      waiting.unref()
      onFull()
    },
    [Symbol.dispose]: () => clearTimeout(waiting),
  }
}

export function isDiskFull(error: unknown): boolean {
  return error instanceof Error && sqlState(error) === '53100'
}
