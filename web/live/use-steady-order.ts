/** The order of the rows as it is shown: held while somebody points at them with a mouse, and for so long as he moves it. */
import { type PointerEvent, useEffect, useRef, useState } from 'react'
import { holdOrder } from './steady-order.ts'

/** A mouse that was left lying on the list points at nothing. */
const heldForMs = 8_000

/** @param key of what is listed: where something else is asked for, nothing is held. */
export function useSteadyOrder(wanted: readonly string[], key: string) {
  const [isHeld, setHeld] = useState(false)
  const shown = useRef({ key, ids: wanted })
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const ids = isHeld && shown.current.key === key ? holdOrder(shown.current.ids, wanted) : wanted
  useEffect(() => {
    shown.current = { key, ids }
  })
  useEffect(() => () => clearTimeout(timer.current), [])

  function release(): void {
    clearTimeout(timer.current)
    setHeld(false)
  }

  return {
    ids,
    pointerProps: {
      onPointerMove(event: PointerEvent) {
        if (event.pointerType !== 'mouse') return
        clearTimeout(timer.current)
        timer.current = setTimeout(release, heldForMs)
        setHeld(true)
      },
      onPointerLeave: release,
    },
  }
}
