/** Streams, page by page: those that moved last, or those that a search finds. */
import { useCallback, useEffect, useState } from 'react'
import { useApp } from '../app/app.ts'
import type { Failure } from '../graphql/failure.ts'

import { insist } from '../graphql/insist.ts'
import { type Stream, streamsQuery } from './documents.ts'

export interface StreamsRead {
  /** Null: not known yet. */
  readonly streams: readonly Stream[] | null
  /** Of the last attempt. */
  readonly failure: Failure | null
  readonly hasMore: boolean
  readonly isReading: boolean
  readMore(): void
  /** Tries again what failed. */
  again(): void
}

interface Known {
  readonly streams: readonly Stream[] | null
  readonly cursor: string | null
  readonly failure: Failure | null
}

const nothing: Known = { streams: null, cursor: null, failure: null }

export function useStreams(search: string | undefined): StreamsRead {
  const { server } = useApp()
  const [known, setKnown] = useState(nothing)
  const [isReading, setReading] = useState(false)
  const [attempt, setAttempt] = useState(0)

  useEffect(() => {
    const leaving = new AbortController()
    setKnown(nothing)
    const variables = { search: search ?? null, after: null }
    void insist(server, streamsQuery, variables, leaving.signal).then((answer) => {
      if (answer.ok) setKnown({ ...answer.data.logStreams, failure: null })
      else setKnown({ ...nothing, failure: answer.failure })
    })
    return () => leaving.abort()
  }, [server, search, attempt])

  const { cursor } = known
  const readMore = useCallback(async () => {
    if (cursor === null || isReading) return
    setReading(true)
    const answer = await server.query(streamsQuery, { search: null, after: cursor })
    setReading(false)
    setKnown((now) => {
      if (now.cursor !== cursor) return now
      if (!answer.ok) return { ...now, failure: answer.failure }
      const { streams, cursor: next } = answer.data.logStreams
      const names = new Set(now.streams?.map(({ name }) => name))
      const added = streams.filter(({ name }) => !names.has(name))
      return { streams: [...(now.streams ?? []), ...added], cursor: next, failure: null }
    })
  }, [server, cursor, isReading])

  return {
    ...known,
    hasMore: cursor !== null,
    isReading,
    readMore: () => void readMore(),
    again() {
      if (cursor === null) setAttempt((before) => before + 1)
      else void readMore()
    },
  }
}
