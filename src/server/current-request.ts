/** Which request is being answered: so that what goes wrong deep inside can be found by whoever asked, and by its trace. */
import { AsyncLocalStorage } from 'node:async_hooks'
import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { readTraceparent, traceIdOf } from '#telemetry/traceparent.ts'

export interface RequestNames {
  /** The server's own: whoever could choose it could have his requests found under another's, or write into the log what he likes. */
  readonly requestId: string
  /** Where it came in a trace. */
  readonly traceId?: string
}

const current = new AsyncLocalStorage<IncomingMessage>()
const names = new WeakMap<IncomingMessage, RequestNames>()

/** Of a socket all that it asks is the request that it was opened by. */
export function whileAnswering<Result>(request: IncomingMessage, answer: () => Result): Result {
  return current.run(request, answer)
}

/** Made up when it is asked for: nearly all requests are answered without. */
export function namesOf(request: IncomingMessage): RequestNames {
  const known = names.get(request)
  if (known !== undefined) return known
  const { traceparent } = request.headers
  const trace = readTraceparent(traceparent)
  const made = {
    requestId: randomUUID(),
    ...(trace !== undefined && { traceId: traceIdOf(trace) }),
  }
  names.set(request, made)
  return made
}

/**
 * For whoever answers a request. What goes on in the background is not to ask: it was set off by some request, and is nobody's.
 */
export function currentRequest(): RequestNames | undefined {
  const request = current.getStore()
  return request && namesOf(request)
}
