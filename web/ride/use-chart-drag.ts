/** A pointer over the charts: it moves the moment, and where it is drawn across them it picks a stretch. */
import { type PointerEvent, useRef } from 'react'
import type { Chart } from './chart.ts'
import { type Moments, momentOfSample } from './moments.ts'
import type { Samples } from './samples.ts'
import { stretchBetween } from './stretch.ts'

/** A press that moves less than this picks nothing. */
const leastDrag = 4

export function useChartDrag(
  charts: { readonly current: readonly Chart[] },
  { samples, moments, isPicking }: { samples: Samples; moments: Moments; isPicking: boolean },
) {
  const begun = useRef<{ index: number; clientX: number; picks: boolean; hasMoved: boolean } | null>(null)
  const indexAt = (event: PointerEvent) => {
    const index = charts.current[0]?.indexAt(event.clientX)
    return index === undefined ? undefined : Math.min(samples.time.length - 1, Math.max(0, index))
  }
  return {
    onPointerDown(event: PointerEvent<HTMLElement>) {
      const index = indexAt(event)
      if (index === undefined || event.button !== 0) return
      event.currentTarget.setPointerCapture(event.pointerId)
      const picks = isPicking || event.pointerType !== 'touch'
      begun.current = { index, clientX: event.clientX, picks, hasMoved: false }
      moments.moment.set(momentOfSample(samples, index))
    },
    onPointerMove(event: PointerEvent) {
      const index = indexAt(event)
      if (index === undefined) return
      const from = begun.current
      if (from === null && moments.isPlaying.get()) return
      moments.moment.set(momentOfSample(samples, index))
      if (from === null || !from.picks) return
      from.hasMoved ||= Math.abs(event.clientX - from.clientX) >= leastDrag
      if (from.hasMoved) moments.stretch.set(stretchBetween(from.index, index))
    },
    onPointerUp() {
      // A click takes the stretch away again.
      if (begun.current?.picks === true && !begun.current.hasMoved) moments.stretch.set(null)
      begun.current = null
    },
    onPointerCancel() {
      begun.current = null
    },
    onPointerLeave(event: PointerEvent) {
      if (event.pointerType === 'mouse' && begun.current === null && !moments.isPlaying.get())
        moments.moment.set(null)
    },
  }
}
