/** Rides that pass a place: it is chosen on the map, or is where one is. */
import { useEffect, useMemo, useState } from 'react'
import { useApp, useRiderMap } from '../app/app.ts'
import type { Place } from '../map/glide.ts'
import { HereButton } from '../map/here-button.tsx'
import { useFormats } from '../rides/use-formats.ts'
import { longUnitOf, shortly } from './chips.ts'
import { type HistorySearch, longestRadius, parseNear, printNear } from './search.ts'
import { useChangeSearch } from './use-history.ts'

/** Of kilometres or miles. */
const radii = [0.5, 1, 2, 5, 10, 25, 50]
const usualRadius = 2

export function NearChoice({ search, isOpen }: { search: HistorySearch; isOpen: boolean }) {
  const map = useRiderMap()
  const { announcements } = useApp()
  const change = useChangeSearch()
  const { length, unit } = longUnitOf(useFormats().units)
  const near = parseNear(search.near)
  // One object a place: by it the button knows that another was chosen meanwhile.
  const place = useMemo((): Place | null => {
    const chosen = parseNear(search.near)
    return chosen === null ? null : [chosen.longitude, chosen.latitude]
  }, [search.near])
  const [isChoosing, setIsChoosing] = useState(false)
  const [wanted, setWanted] = useState(usualRadius)
  const radius = near?.radius ?? Math.min(longestRadius, wanted * length)
  // Also one that somebody else has chosen, in his units.
  const offered = [...new Set([...radii.map((each) => Math.round(each * length)), Math.round(radius)])]
    .filter((metres) => metres <= longestRadius)
    .sort((a, b) => a - b)

  function take([longitude, latitude]: Place): void {
    setIsChoosing(false)
    change({ near: printNear({ latitude, longitude, radius }) })
    announcements.say('The place is chosen.')
  }

  useEffect(() => {
    if (map === null || !isChoosing) return
    map.choosePlace((place) => {
      setIsChoosing(false)
      change({ near: printNear({ latitude: place[1], longitude: place[0], radius }) })
    })
    return () => map.choosePlace(null)
  }, [map, isChoosing, radius, change])
  useEffect(() => {
    if (!isOpen) setIsChoosing(false)
  }, [isOpen])

  return (
    <fieldset className="history-fieldset">
      <legend>Passing near a place</legend>
      <div className="history-pair">
        <label className="history-field">
          Within
          <select
            value={Math.round(radius)}
            onChange={({ currentTarget }) => {
              const metres = Number(currentTarget.value)
              setWanted(metres / length)
              if (near !== null) change({ near: printNear({ ...near, radius: metres }) })
            }}
          >
            {offered.map((metres) => (
              <option key={metres} value={metres}>
                {shortly(metres / length)} {unit}
              </option>
            ))}
          </select>
        </label>
        <div className="history-near-buttons">
          {map !== null && (
            <button
              type="button"
              className="button button-small"
              aria-pressed={isChoosing}
              onClick={() => setIsChoosing(!isChoosing)}
            >
              {isChoosing ? 'Click the map…' : 'Choose on the map'}
            </button>
          )}
          {isChoosing && map !== null && (
            <button type="button" className="button button-small" onClick={() => take(map.middle())}>
              Use the map’s middle
            </button>
          )}
          <HereButton place={place} found={take} />
        </div>
      </div>
    </fieldset>
  )
}
