/**
 * Fan-out: what many subscriptions over WebSockets are given of the same item is executed and serialised once, by the first
 * that is given it. Who asks for the same of the same topic with the same rights is an audience; what was made for one is
 * kept, within bounds, so that clients share too who resumed from different places.
 *
 *   item ─► audience ─┬─ made before ─► payload ─► the socket, with the subscription's id in front
 *                     └─ else ─► execute ─► mask ─► serialise ─► payload
 */
import {
  type DocumentNode,
  type ExecutionResult,
  execute,
  type GraphQLError,
  type GraphQLSchema,
} from 'graphql'
import { LRUCache } from 'lru-cache'
import type { Tracing } from '#telemetry/tracing.ts'
import { Payload } from './payload.ts'
import { sharedName } from './sharing.ts'

export interface FanOut {
  /** The audience of this topic, with these rights, for what the operation asks for. Left when `leave` was called as often. */
  enter(topic: string, rights: string, operation: Operation): Audience
  /** Messages that were sent since it was opened, and those among them that had been sent to another before. */
  readonly counts: { sent: number; shared: number }
}

/** A subscription, as it is executed for each item. */
export interface Operation {
  readonly schema: GraphQLSchema
  readonly document: DocumentNode
  readonly operationName?: string | null | undefined
  readonly variableValues?: Readonly<Record<string, unknown>> | null | undefined
  /** Made anew for each item: what was read for one may be another by the next, and while nothing comes it takes no room. */
  readonly context: () => PromiseOrValue<unknown>
}

type PromiseOrValue<Value> = Value | Promise<Value>

export interface Audience {
  /** @param key which of the topic's items it is. */
  payloadOf(item: unknown, key: string | number): PromiseOrValue<Payload>
  leave(): void
}

export interface FanOutOptions {
  readonly masked: (error: unknown) => GraphQLError
  /** Takes the place of graphql-js' own. */
  readonly execute?: typeof execute
  readonly mostBytes?: number
  readonly tracing?: Tracing | undefined
  /** In which trace an item is, where that is recorded. */
  readonly traceOf?: (item: unknown) => string | undefined
}

/** Of payloads, each kept up to twice: with the last id that it was sent to as well. */
const mostBytes = 32 * 1024 * 1024
/** Beside its bytes, about. */
const bytesOfPayload = 200

export function openFanOut({
  masked,
  execute: run = execute,
  mostBytes: bound = mostBytes,
  tracing,
  traceOf = () => undefined,
}: FanOutOptions): FanOut {
  const made = new LRUCache<string, Payload>({
    maxSize: bound,
    sizeCalculation: ({ bytes }) => 2 * bytes + bytesOfPayload,
  })
  const audiences = new Map<string, Audience & { enter(): void }>()
  const counts = { sent: 0, shared: 0 }
  let count = 0

  function serialised({ errors, ...rest }: ExecutionResult): Payload {
    return new Payload(JSON.stringify(errors === undefined ? rest : { ...rest, errors: errors.map(masked) }))
  }

  function resultOf({ context, ...rest }: Operation, rootValue: unknown): PromiseOrValue<ExecutionResult> {
    const made = context()
    if (!(made instanceof Promise)) return run({ ...rest, rootValue, contextValue: made })
    return made.then((contextValue) => run({ ...rest, rootValue, contextValue }))
  }

  function open(name: string, operation: Operation): Audience & { enter(): void } {
    const number = count++
    const underWay = new Map<string | number, Promise<Payload>>()
    let members = 0
    let newest: { readonly key: string | number; readonly payload: Payload } | undefined

    function keep(key: string | number, result: ExecutionResult): Payload {
      const payload = serialised(result)
      // What failed may not fail the next time.
      if (result.errors === undefined) made.set(`${number}/${key}`, payload)
      newest = { key, payload }
      return payload
    }

    return {
      enter: () => members++,
      leave() {
        if (--members === 0) audiences.delete(name)
      },
      payloadOf(item, key) {
        if (newest?.key === key) return newest.payload
        const known = made.get(`${number}/${key}`) ?? underWay.get(key)
        if (known !== undefined) return known
        const trace = tracing && traceOf(item)
        const begunAt = performance.now()
        const result = resultOf(operation, item)
        if (!(result instanceof Promise)) return traced(keep(key, result), trace, begunAt)
        const making = result
          .then((settled) => traced(keep(key, settled), trace, begunAt))
          .finally(() => underWay.delete(key))
        underWay.set(key, making)
        return making
      },
    }
  }

  /** Whoever is at the newest item is sent it within this turn; then the span is over. */
  function traced(payload: Payload, trace: string | undefined, begunAt: number): Payload {
    if (tracing === undefined || trace === undefined) return payload
    const span = tracing.follow('fan-out', trace, { kind: 'producer', begunAt })
    setImmediate(() =>
      span.end({ attributes: { 'slipstream.frames': payload.sent, 'slipstream.bytes': payload.bytes } }),
    )
    return payload
  }

  return {
    counts,
    enter(topic, rights, operation) {
      const { document, operationName, variableValues } = operation
      const name = `${rights} ${topic} ${sharedName(document, operationName, variableValues ?? {})}`
      let audience = audiences.get(name)
      if (audience === undefined) {
        audience = open(name, operation)
        audiences.set(name, audience)
      }
      audience.enter()
      return audience
    },
  }
}
