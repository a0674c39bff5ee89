/** What lies over the map, as the card of the ride that is chosen there; on a phone it comes up over the foot of the page. */
import { createContext, type ReactNode, useContext, useEffect } from 'react'
import { createPortal } from 'react-dom'
import { useRiderMap } from './app.ts'

/** The shell's place for it; null before that stands. */
export const OverMapPlace = createContext<HTMLElement | null>(null)

export function OverMap({ children }: { children: ReactNode }) {
  const place = useContext(OverMapPlace)
  const map = useRiderMap()
  useEffect(() => {
    if (map === null || place === null) return
    map.setCover(place.firstElementChild)
    return () => map.setCover(null)
  }, [map, place])
  return place === null ? null : createPortal(children, place)
}
