/** A subscription over a WebSocket: sends what its source gives, past the protocol's own loop, which only waits for its end. */
import type { Failure, Flow, Sink, Source } from '#live/source.ts'
import type { Connection } from './connection.ts'
import type { Audience, FanOut, Operation } from './fan-out.ts'
import type { Payload } from './payload.ts'

export interface Receiver {
  readonly connection: Pick<Connection, 'isFull' | 'send' | 'hold'>
  /** The subscription's, by which the client knows what belongs to it. */
  readonly id: string
}

export interface SubscriptionOptions {
  readonly source: Source<unknown>
  readonly operation: Operation
  readonly receiver: Receiver
  readonly fanOut: FanOut
  readonly masked: (error: unknown) => Error
}

const done = { done: true, value: undefined } as const

/** Iterated over, it yields nothing, and is done, or fails, when the subscription is at its end. */
export class Subscription implements AsyncIterableIterator<never, void, undefined>, Sink<unknown> {
  readonly #options: SubscriptionOptions
  #flow: Flow | undefined
  #audience: Audience | undefined
  #rights: string | undefined
  /** Taken, and not made yet. */
  #awaits = false
  #isLeft = false
  #ending: { readonly failure: Failure | undefined } | undefined
  #settle: PromiseWithResolvers<IteratorResult<never, void>> | undefined

  constructor(options: SubscriptionOptions) {
    this.#options = options
  }

  next(): Promise<IteratorResult<never, void>> {
    this.#settle ??= Promise.withResolvers()
    if (this.#flow === undefined) {
      this.#flow = this.#options.source.begin(this)
      this.#flow.resume()
    }
    return this.#settle.promise
  }

  async return(): Promise<IteratorResult<never, void>> {
    this.#isLeft = true
    this.#flow?.stop()
    this.#leave()
    this.#settle?.resolve(done)
    return done
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  take(item: unknown, key: string | number, rights: string): boolean {
    const { connection } = this.#options.receiver
    if (this.#awaits) return false
    if (connection.isFull) {
      if (this.#flow !== undefined) connection.hold(this.#flow)
      return false
    }
    const payload = this.#audienceWith(rights).payloadOf(item, key)
    if (payload instanceof Promise) void this.#await(payload)
    else this.#send(payload)
    return true
  }

  end(failure?: Failure): void {
    this.#ending = { failure }
    if (!this.#awaits) this.#finish(failure)
  }

  async #await(making: Promise<Payload>): Promise<void> {
    this.#awaits = true
    try {
      const payload = await making
      if (!this.#isLeft) this.#send(payload)
    } catch (error) {
      this.#flow?.stop()
      this.#ending = { failure: { error } }
    }
    this.#awaits = false
    if (this.#ending !== undefined) this.#finish(this.#ending.failure)
    else this.#flow?.resume()
  }

  #send(payload: Payload): void {
    const { fanOut, receiver } = this.#options
    if (payload.sent > 0) fanOut.counts.shared++
    fanOut.counts.sent++
    payload.sendTo(receiver.connection, receiver.id)
  }

  #finish(failure: Failure | undefined): void {
    this.#leave()
    if (failure === undefined) this.#settle?.resolve(done)
    else this.#settle?.reject(this.#options.masked(failure.error))
  }

  #audienceWith(rights: string): Audience {
    if (this.#audience !== undefined && this.#rights === rights) return this.#audience
    const { fanOut, source, operation } = this.#options
    this.#leave()
    this.#rights = rights
    this.#audience = fanOut.enter(source.topic, rights, operation)
    return this.#audience
  }

  #leave(): void {
    this.#audience?.leave()
    this.#audience = undefined
  }
}
