/** Plays a ride back: moves its moment with each frame, while somebody wants it to. */
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { type Moments, momentAt } from './moments.ts'
import { advance, endOf, type PlaybackSpeed, runningOf } from './playback.ts'
import type { Samples } from './samples.ts'

export interface Playback {
  readonly isPlaying: boolean
  readonly speed: PlaybackSpeed
  /** Seconds of the ride. */
  readonly end: number
  setSpeed(speed: PlaybackSpeed): void
  /** From the beginning again where it had come to the end. */
  toggle(): void
  seek(seconds: number): void
}

/** A frame that comes later than this is of a page that nobody saw. */
const longestFrameMs = 500
/** Where somebody wants less motion the pointer steps, twice a second. */
const calmStepMs = 500

export function usePlayback(samples: Samples, moments: Moments): Playback {
  const running = useMemo(() => runningOf(samples), [samples])
  const end = endOf(running)
  const [isPlaying, setPlaying] = useState(false)
  const [speed, setSpeed] = useState<PlaybackSpeed>(10)
  const at = useRef(0)

  useEffect(
    () =>
      moments.moment.subscribe(() => {
        at.current = moments.moment.get()?.time ?? at.current
      }),
    [moments],
  )

  useEffect(() => moments.isPlaying.set(isPlaying), [isPlaying, moments])

  useEffect(() => {
    if (!isPlaying) return
    const isCalm = window.matchMedia('(prefers-reduced-motion: reduce)').matches
    let last = performance.now()
    let frame = requestAnimationFrame(function step(now) {
      const passed = Math.min(now - last, longestFrameMs)
      if (!isCalm || passed >= calmStepMs) {
        last = now
        const next = advance(running, at.current, (Math.max(0, passed) / 1_000) * speed)
        moments.moment.set(momentAt(samples, next))
        at.current = next
        if (next >= end) return setPlaying(false)
      }
      frame = requestAnimationFrame(step)
    })
    return () => cancelAnimationFrame(frame)
  }, [isPlaying, speed, running, end, samples, moments])

  const seek = useCallback(
    (seconds: number) => {
      at.current = seconds
      moments.moment.set(momentAt(samples, seconds))
    },
    [samples, moments],
  )
  const toggle = useCallback(() => {
    if (!isPlaying && at.current >= end) at.current = 0
    setPlaying(!isPlaying)
  }, [isPlaying, end])
  return { isPlaying, speed, end, setSpeed, toggle, seek }
}
