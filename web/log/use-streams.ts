/** Streams, page by page: those that moved last, or those that a search finds. */
import { useCallback, useEffect, useState } from 'react'
import { useApp } from '../app/app.ts'
import { away, type Complaint } from '../forms/complaint.ts'
import { insist } from '../graphql/insist.ts'
import { type Stream, streamsQuery } from './documents.ts'

export interface StreamsRead {
  /** Null: to come. */
  readonly streams: readonly Stream[] | null
  readonly complaint: Complaint
  readonly hasMore: boolean
  readonly isReading: boolean
  readMore(): void
}

interface Known {
  readonly streams: readonly Stream[] | null
  readonly cursor: string | null
  readonly complaint: Complaint
}

const nothing: Known = { streams: null, cursor: null, complaint: undefined }

export function useStreams(search: string | undefined): StreamsRead {
  const { server } = useApp()
  const [known, setKnown] = useState(nothing)
  const [isReading, setReading] = useState(false)

  useEffect(() => {
    const leaving = new AbortController()
    setKnown(nothing)
    const variables = { search: search ?? null, after: null }
    void insist(server, streamsQuery, variables, leaving.signal).then((answer) => {
      if (answer.ok) setKnown({ ...answer.data.logStreams, complaint: undefined })
      else setKnown({ ...nothing, streams: [], complaint: sentenceOf(answer.failure) })
    })
    return () => leaving.abort()
  }, [server, search])

  const { cursor } = known
  const readMore = useCallback(async () => {
    if (cursor === null || isReading) return
    setReading(true)
    const answer = await server.query(streamsQuery, { search: null, after: cursor })
    setReading(false)
    setKnown((now) => {
      if (now.cursor !== cursor) return now
      if (!answer.ok) return { ...now, complaint: away }
      const { streams, cursor: next } = answer.data.logStreams
      const names = new Set(now.streams?.map(({ name }) => name))
      const added = streams.filter(({ name }) => !names.has(name))
      return { streams: [...(now.streams ?? []), ...added], cursor: next, complaint: undefined }
    })
  }, [server, cursor, isReading])

  return { ...known, hasMore: cursor !== null, isReading, readMore: () => void readMore() }
}

function sentenceOf(failure: { kind: string; message?: string }): string {
  return failure.message ?? away
}
