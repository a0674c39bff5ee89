/**
 * A subscription that lives until it is ended: across lost connections, restarted servers and overload.
 *
 * graphql-ws sends the same payload object again on a reconnect. So the cursor of the last item seen is written
 * into its `variables.after`, and the server continues exactly behind it: no gap, no repeat.
 */
import type { Client, SubscribePayload } from 'graphql-ws'
import { stringifyDocument } from 'urql'
import { backoffMs } from './backoff.ts'
import { type Failure, isProblems, judgeProblems } from './failure.ts'
import type { TadaDocumentNode } from './graphql.ts'

export interface Sink<Data> {
  next(data: Data): void
  /** Where the stream stands after `data`; without it, every subscription begins anew. */
  cursorOf?(data: Data): string
  /** The cursor is no longer known: drop what was gathered; the stream begins anew. */
  restart?(): void
  /** Asked when the server completed the stream: is that its true end? If not it is subscribed again. */
  isOver?(): boolean
  /** The server will not give this stream; nothing more comes. */
  refused(failure: Extract<Failure, { kind: 'final' }>): void
}

/** Subscribes, and keeps at it. Returns the function that ends it. */
export function subscribe<Data, Variables extends Record<string, unknown>>(
  client: Pick<Client, 'subscribe'>,
  document: TadaDocumentNode<Data, Variables>,
  variables: Variables,
  sink: Sink<Data>,
): () => void {
  const current: Record<string, unknown> = { ...variables }
  const payload: SubscribePayload = { query: stringifyDocument(document), variables: current }
  let attempt = 0
  let isEnded = false
  let unsubscribe = () => {}
  let timer: ReturnType<typeof setTimeout> | undefined

  function open(): void {
    let isDone = false
    const settle = (failure: Failure | null) => {
      if (isDone || isEnded) return
      isDone = true
      unsubscribe()
      if (failure !== null) return handle(failure)
      if (!sink.isOver?.()) handle({ kind: 'again', retryAfterMs: null })
    }
    unsubscribe = client.subscribe<Data>(payload, {
      next(result) {
        if (isDone || isEnded) return
        if (result.errors !== undefined && result.errors.length > 0)
          return settle(judgeProblems(result.errors))
        if (result.data === undefined || result.data === null) return
        attempt = 0
        sink.next(result.data)
        if (sink.cursorOf !== undefined) current['after'] = sink.cursorOf(result.data)
      },
      error: (reason) =>
        settle(isProblems(reason) ? judgeProblems(reason) : { kind: 'again', retryAfterMs: null }),
      complete: () => settle(null),
    })
  }

  function handle(failure: Failure): void {
    switch (failure.kind) {
      case 'final':
        sink.refused(failure)
        break
      case 'restart':
        current['after'] = null
        sink.restart?.()
        later(backoffMs(attempt, Math.random()))
        break
      case 'again':
        later(failure.retryAfterMs ?? backoffMs(attempt, Math.random()))
        break
      default:
        failure satisfies never
    }
  }

  function later(milliseconds: number): void {
    attempt += 1
    timer = setTimeout(open, milliseconds)
  }

  open()
  return () => {
    isEnded = true
    clearTimeout(timer)
    unsubscribe()
  }
}
