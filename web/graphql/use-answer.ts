/** What a page reads when it is opened. Where nobody answers it is asked again by itself, at once when the server is back. */
import { useCallback, useEffect, useRef, useState } from 'react'
import { useApp } from '../app/app.ts'
import { backoffMs } from './backoff.ts'
import type { Failure } from './failure.ts'
import type { TadaDocumentNode } from './graphql.ts'

export interface Reading<Data> {
  /** The last answer, also while asking for a newer one fails. Null until there is one. */
  readonly data: Data | null
  /** Of the last attempt. */
  readonly failure: Failure | null
  /** Asks for what there is now; resolves after one attempt. */
  reload(): Promise<void>
}

/** @param document takes no variables. */
export function useAnswer<Data>(document: TadaDocumentNode<Data, Record<string, never>>): Reading<Data> {
  const { server } = useApp()
  const [data, setData] = useState<Data | null>(null)
  const [failure, setFailure] = useState<Failure | null>(null)
  const attempt = useRef(0)

  const reload = useCallback(async () => {
    const answer = await server.query(document, {})
    attempt.current = answer.ok ? 0 : attempt.current + 1
    if (answer.ok) setData(answer.data)
    setFailure(answer.ok ? null : answer.failure)
  }, [server, document])
  useEffect(() => void reload(), [reload])

  useEffect(() => {
    if (failure?.kind !== 'again') return
    let isGone = false
    const waitMs = failure.retryAfterMs ?? backoffMs(attempt.current, Math.random())
    void server.socket.pause(waitMs).then(() => {
      if (!isGone) void reload()
    })
    return () => {
      isGone = true
    }
  }, [server, failure, reload])

  return { data, failure, reload }
}
