/** Says that the map or the route is still being drawn, where that takes so long that one wonders. */
import { useEffect, useState } from 'react'
import { createCell } from '../state/cell.ts'
import { useCell } from '../state/use-cell.ts'
import type { Missing } from './awaited.ts'
import type { RiderMap } from './rider-map.ts'

/** What is drawn sooner needs no word. */
const quietForMs = 500

const words: Record<Missing, string> = {
  map: 'Loading the map…',
  route: 'Drawing the route…',
  routes: 'Drawing the routes…',
}

const noMapYet = createCell<Missing | null>('map')

export function MapToCome({ map }: { map: RiderMap | null }) {
  const missing = useCell(map?.missing ?? noMapYet)
  const [isLong, setLong] = useState(false)
  const isMissing = missing !== null
  useEffect(() => {
    if (!isMissing) return
    const timer = setTimeout(() => setLong(true), quietForMs)
    return () => {
      clearTimeout(timer)
      setLong(false)
    }
  }, [isMissing])
  // The place is there before anything is said in it: so it is read out.
  return (
    <div className="map-to-come" role="status">
      {missing !== null && isLong && <p>{words[missing]}</p>}
    </div>
  )
}
