/** The events of a stream by their versions, read in pages as they come into sight. */
import { useCallback, useEffect, useRef, useState } from 'react'
import { useApp } from '../app/app.ts'
import { insist } from '../graphql/insist.ts'
import { type StreamEvent, streamEventsQuery } from './documents.ts'
import { eventsOfPage, pagesOf } from './timeline-rows.ts'

export interface StreamEvents {
  eventAt(version: number): StreamEvent | undefined
  /** Reads what is not known yet of these rows. @param first counted from 0, both included. */
  show(first: number, last: number): void
}

/** Beyond so many pages those that were seen least lately are let go of. */
const mostPages = 50

export function useStreamEvents(name: string, newest: number): StreamEvents {
  const { server } = useApp()
  const [, setRevision] = useState(0)
  const pages = useRef(new Map<number, readonly StreamEvent[] | 'reading'>())
  const leaving = useRef<AbortController>(null)

  useEffect(() => {
    const now = new AbortController()
    leaving.current = now
    return () => {
      now.abort()
      for (const [after, page] of pages.current) if (page === 'reading') pages.current.delete(after)
    }
  }, [])

  const show = useCallback(
    (first: number, last: number) => {
      const { signal } = leaving.current ?? new AbortController()
      for (const after of pagesOf(first, last)) {
        const page = pages.current.get(after)
        const isWhole =
          page !== undefined && page !== 'reading' && page.length >= Math.min(eventsOfPage, newest - after)
        if (page === 'reading' || isWhole) continue
        pages.current.set(after, 'reading')
        void insist(server, streamEventsQuery, { name, after }, signal).then((answer) => {
          pages.current.delete(after)
          if (answer.ok) pages.current.set(after, answer.data.logStream?.events ?? [])
          const oldest = pages.current.keys().next().value
          if (pages.current.size > mostPages && oldest !== undefined) pages.current.delete(oldest)
          setRevision((revision) => revision + 1)
        })
      }
    },
    [server, name, newest],
  )

  return {
    eventAt(version) {
      const after = Math.floor((version - 1) / eventsOfPage) * eventsOfPage
      const page = pages.current.get(after)
      return page === undefined || page === 'reading' ? undefined : page[version - 1 - after]
    },
    show,
  }
}
