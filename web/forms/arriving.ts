/** The focus goes to what came about: whoever uses the keyboard goes on from there, and a screen reader reads it. */
import { type RefObject, useEffect, useRef } from 'react'

/** For an element that takes the focus when it comes into the page, where `isNew`. */
export function useArrival<Place extends HTMLElement>(isNew = true): RefObject<Place | null> {
  const place = useRef<Place>(null)
  useEffect(() => {
    if (isNew) arriveAt(place.current)
  }, [isNew])
  return place
}

export function arriveAt(place: HTMLElement | null): void {
  place?.focus({ preventScroll: true })
  place?.scrollIntoView({ block: 'nearest' })
}
