/** What a page reads when it is opened. Where nobody answers it is asked again by itself, at once when the server is back. */
import { useCallback, useEffect, useRef, useState } from 'react'
import { useApp } from '../app/app.ts'
import { backoffMs } from './backoff.ts'
import type { Answer } from './client.ts'
import type { Failure } from './failure.ts'
import type { TadaDocumentNode } from './graphql.ts'
import { latestAnswers } from './latest-answers.ts'

export interface Reading<Data> {
  /** The last answer, also while asking for a newer one fails. Null until there is one. */
  readonly data: Data | null
  /** Of the last attempt. */
  readonly failure: Failure | null
  /** Asks for what there is now; resolves after one attempt. */
  reload(): Promise<void>
}

export function useAnswer<Data>(document: TadaDocumentNode<Data, Record<string, never>>): Reading<Data> {
  return useAnswerTo(document, none)
}

const none = {}

/** @param variables with others there is no answer yet. */
export function useAnswerTo<Data, Variables extends Record<string, unknown>>(
  document: TadaDocumentNode<Data, Variables>,
  variables: Variables,
): Reading<Data> {
  const { server } = useApp()
  const key = JSON.stringify(variables)
  const [answered, setAnswered] = useState<{ key: string; data: Data } | null>(null)
  const [failed, setFailed] = useState<{ key: string; failure: Failure } | null>(null)
  const attempt = useRef(0)
  const latest = useRef(latestAnswers<Answer<Data>>())
  latest.current.want(key)
  const data = answered?.key === key ? answered.data : null
  const failure = failed?.key === key ? failed.failure : null

  const reload = useCallback(async () => {
    const asked: Variables = JSON.parse(key)
    const answer = await latest.current.ask(key, () => server.query(document, asked))
    if (answer === undefined) return
    attempt.current = answer.ok ? 0 : attempt.current + 1
    if (answer.ok) setAnswered({ key, data: answer.data })
    setFailed(answer.ok ? null : { key, failure: answer.failure })
  }, [server, document, key])
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
