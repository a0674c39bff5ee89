/** The stream that a page is about, read again while somebody looks: a ride goes on. */
import { useCallback, useEffect, useState } from 'react'
import { useApp } from '../app/app.ts'
import type { Failure } from '../graphql/failure.ts'
import { insist } from '../graphql/insist.ts'
import { type Stream, streamQuery } from './documents.ts'

export type StreamRead =
  | { readonly status: 'to come' }
  | { readonly status: 'missing' }
  | { readonly status: 'failed'; readonly failure: Failure }
  | { readonly status: 'there'; readonly stream: Stream }

const againMs = 2_000

export function useStream(name: string): { readonly read: StreamRead; again(): void } {
  const { server } = useApp()
  const [read, setRead] = useState<StreamRead>({ status: 'to come' })
  const [attempt, setAttempt] = useState(0)
  useEffect(() => {
    const leaving = new AbortController()
    let timer: ReturnType<typeof setTimeout>
    async function look(): Promise<void> {
      if (document.visibilityState === 'visible') {
        const answer = await insist(server, streamQuery, { name }, leaving.signal)
        // Whoever is refused is so with the next look too.
        if (!answer.ok) return setRead({ status: 'failed', failure: answer.failure })
        const stream = answer.data.logStream
        setRead((known) => {
          if (stream === null) return { status: 'missing' }
          const isSame = known.status === 'there' && JSON.stringify(known.stream) === JSON.stringify(stream)
          return isSame ? known : { status: 'there', stream }
        })
      }
      if (!leaving.signal.aborted) timer = setTimeout(() => void look(), againMs)
    }
    void look()
    return () => {
      leaving.abort()
      clearTimeout(timer)
    }
  }, [server, name, attempt])
  const again = useCallback(() => {
    setRead({ status: 'to come' })
    setAttempt((before) => before + 1)
  }, [])
  return { read, again }
}
