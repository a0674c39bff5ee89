/**
 * Which channels one connection listens to. The backend session behind all connections listens to the union
 * of them, so the gateway keeps each one's own, as PostgreSQL would: LISTEN and UNLISTEN count from the commit
 * of their transaction on, and not at all when it is rolled back.
 *
 *   executed (CommandComplete LISTEN/UNLISTEN) ─► pending ─► in force   at COMMIT, or when a transaction of
 *                                                   │                   one statement has succeeded
 *                                                   └──────► dropped    at ROLLBACK or an error
 */
import type { Listening } from './inspection.ts'

export class Subscriptions {
  readonly #channels = new Set<string>()
  /** Of the texts sent but not yet executed, in order. */
  #announced: Listening[] = []
  #pending: Listening[] = []
  #failed = false

  has(channel: string): boolean {
    return this.#channels.has(channel)
  }

  get channels(): ReadonlySet<string> {
    return this.#channels
  }

  /** The next batch will execute these, as far as it succeeds. */
  announce(listening: readonly Listening[]): void {
    this.#announced = [...listening]
  }

  /** The backend reported a command complete. */
  completed(tag: string): void {
    if (tag === 'LISTEN' || tag === 'UNLISTEN') {
      const executed = this.#announced.shift()
      if (executed) this.#pending.push(executed)
    } else if (tag === 'COMMIT') {
      this.committed()
      this.#failed = false
    } else if (tag === 'ROLLBACK') this.#failed = true
  }

  failed(): void {
    this.#failed = true
  }

  /** The backend is outside a transaction; returns the channels that are left for good. */
  idle(): readonly string[] {
    const before = [...this.#channels]
    if (this.#failed) this.#pending = []
    this.committed()
    this.#failed = false
    return before.filter((channel) => !this.#channels.has(channel))
  }

  /** The transaction has committed: what it listened to is in force. */
  committed(): void {
    for (const each of this.#pending) {
      if (each.kind === 'listen') this.#channels.add(each.channel)
      else if (each.channel === undefined) this.#channels.clear()
      else this.#channels.delete(each.channel)
    }
    this.#pending = []
  }

  /** Listens to nothing any more; returns the channels that are left. */
  end(): readonly string[] {
    const left = [...this.#channels]
    this.#channels.clear()
    this.#pending = []
    return left
  }
}
