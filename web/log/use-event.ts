/** The event that is looked at. */
import { useCallback, useEffect, useState } from 'react'
import { useApp } from '../app/app.ts'
import { type EventRead, readEvent } from './read-event.ts'

const toCome: EventRead = { status: 'to come' }

export interface EventLook {
  /** Of the event before, until that of the next is there: nothing jumps. */
  readonly read: EventRead
  again(): void
}

/** @param version null: none is looked at. */
export function useEvent(name: string, version: number | null): EventLook {
  const { server } = useApp()
  const [read, setRead] = useState(toCome)
  const [attempt, setAttempt] = useState(0)
  useEffect(() => {
    if (version === null) return setRead(toCome)
    const leaving = new AbortController()
    void readEvent(server, name, version, leaving.signal).then(setRead)
    return () => leaving.abort()
  }, [server, name, version, attempt])
  const again = useCallback(() => {
    setRead(toCome)
    setAttempt((before) => before + 1)
  }, [])
  return { read, again }
}
