/** The stream that a page is about, and the event of it that is looked at. */
import { useEffect, useState } from 'react'
import { useApp } from '../app/app.ts'
import { insist } from '../graphql/insist.ts'
import { eventContentQuery, type FullEvent, type Stream, streamQuery } from './documents.ts'

export type StreamRead =
  | { readonly status: 'to come' }
  | { readonly status: 'missing' }
  | { readonly status: 'there'; readonly stream: Stream }

const againMs = 2_000

/** Read again while somebody looks: a ride goes on. */
export function useStream(name: string): StreamRead {
  const { server } = useApp()
  const [read, setRead] = useState<StreamRead>({ status: 'to come' })
  useEffect(() => {
    const leaving = new AbortController()
    let timer: ReturnType<typeof setTimeout>
    async function look(): Promise<void> {
      if (document.visibilityState === 'visible') {
        const answer = await insist(server, streamQuery, { name }, leaving.signal)
        const stream = answer.ok ? answer.data.logStream : null
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
  }, [server, name])
  return read
}

/** Null: to come, or none is looked at. */
export function useEvent(name: string, version: number | null): FullEvent | null {
  const { server } = useApp()
  const [event, setEvent] = useState<FullEvent | null>(null)
  useEffect(() => {
    if (version === null) return setEvent(null)
    const leaving = new AbortController()
    void insist(server, eventContentQuery, { name, version }, leaving.signal).then((answer) =>
      setEvent(answer.ok ? (answer.data.logStream?.event ?? null) : null),
    )
    return () => leaving.abort()
  }, [server, name, version])
  return event
}
