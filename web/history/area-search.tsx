/** On the map, once somebody has moved it: rides are looked for where it shows now; or wherever it is moved from then on. */
import { useEffect, useState } from 'react'
import { createPortal } from 'react-dom'
import { useApp, useRiderMap } from '../app/app.ts'
import type { Box } from '../map/geodesy.ts'
import { type HistorySearch, printBox } from './search.ts'
import { useChangeSearch } from './use-history.ts'

/** Of a map that is dragged and dragged on, only where it stays is looked at. */
const pauseMs = 350

export function AreaSearch({ search }: { search: HistorySearch }) {
  const map = useRiderMap()
  const { announcements } = useApp()
  const change = useChangeSearch()
  /** Where the map was moved to; null: it shows what was looked for. */
  const [moved, setMoved] = useState<Box | null>(null)
  const isMoving = search.moving === true
  const stage = document.querySelector('.stage')

  useEffect(() => {
    if (map === null) return
    return map.onMoved((box, byUser) => {
      if (byUser) setMoved(box)
    })
  }, [map])

  useEffect(() => {
    if (!isMoving || moved === null) return
    const timer = setTimeout(() => {
      setMoved(null)
      change({ within: printBox(moved), near: undefined }, { isTyped: true })
    }, pauseMs)
    return () => clearTimeout(timer)
  }, [isMoving, moved, change])

  function lookHere(): void {
    if (map === null) return
    setMoved(null)
    change({ within: printBox(map.bounds()), near: undefined })
    announcements.say('Looking for rides in this area.')
  }

  if (map === null || stage === null || (moved === null && search.within === undefined)) return null
  return createPortal(
    <div className="area-search">
      {moved !== null && !isMoving && (
        <button type="button" className="button area-search-button" onClick={lookHere}>
          Search this area
        </button>
      )}
      <label className="area-search-moving">
        <input
          type="checkbox"
          checked={isMoving}
          onChange={({ currentTarget }) => {
            const { checked } = currentTarget
            change(
              checked
                ? { moving: true, within: printBox(map.bounds()), near: undefined }
                : { moving: undefined },
            )
          }}
        />
        Search as I move the map
      </label>
    </div>,
    stage,
  )
}
