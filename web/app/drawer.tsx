/**
 * What belongs beside the map and not beside the text, as a ride's charts do. On a wide screen it lies under the map, in a place
 * that the shell keeps for it (layout `ride`); where there is no room for that, it stays where the page has written it.
 */
import { createContext, type ReactNode, useContext, useSyncExternalStore } from 'react'
import { createPortal } from 'react-dom'

/** The shell's place for it; null before that stands. */
export const DrawerPlace = createContext<HTMLElement | null>(null)

/** As in styles/layout.css. */
const wide = window.matchMedia('(min-width: 721px)')

export function useIsWide(): boolean {
  return useSyncExternalStore(
    (listener) => {
      wide.addEventListener('change', listener)
      return () => wide.removeEventListener('change', listener)
    },
    () => wide.matches,
  )
}

export function Drawer({ children }: { children: ReactNode }) {
  const place = useContext(DrawerPlace)
  if (!useIsWide()) return <div className="drawer-inline">{children}</div>
  return place === null ? null : createPortal(children, place)
}
