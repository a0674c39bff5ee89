/** The recorder in a component. */
import { useEffect, useState } from 'react'
import { useApp } from '../app/app.ts'
import type { Recorder } from './recorder.ts'
import { recorderOf } from './recorder-of.ts'

/** While one looks at the recorder's page it finds out where it is, where it may. */
export function useRecorder(): Recorder {
  const recorder = recorderOf(useApp())
  useEffect(() => {
    recorder.look(true)
    return () => recorder.look(false)
  }, [recorder])
  return recorder
}

/** Milliseconds since 1970, anew each second. */
export function useNow(): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000)
    return () => clearInterval(timer)
  }, [])
  return now
}
