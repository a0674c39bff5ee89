/** Says why the map is not the one that was configured, and what a map without streets is and how its operator has streets. */
import { useState } from 'react'
import type { RiderMap } from './rider-map.ts'

const shownInstead: Record<RiderMap['style'], string> = {
  mapbox: 'Mapbox’ map is shown',
  openfreemap: 'OpenFreeMap’s map is shown instead',
  'built-in': 'the built-in map, without streets, is shown instead',
}

export function FallbackNote({ map }: { map: RiderMap }) {
  // A fault is said at once; that there are no streets is told to whoever asks.
  const [isOpen, setOpen] = useState(map.fallback !== null)
  if (isOpen)
    return (
      <div className="map-note" role="note">
        <p>{map.fallback === null ? <NoStreets /> : <Refused map={map} />}</p>
        <button type="button" className="map-note-close" aria-label="Dismiss" onClick={() => setOpen(false)}>
          ×
        </button>
      </div>
    )
  if (map.style !== 'built-in') return null
  return (
    <button type="button" className="map-why" onClick={() => setOpen(true)}>
      Why no streets?
    </button>
  )
}

function Refused({ map }: { map: RiderMap }) {
  return (
    <>
      Mapbox refused this server’s access token, so {shownInstead[map.style]}. If you run the server, check{' '}
      <code>MAPBOX_ACCESS_TOKEN</code>.
    </>
  )
}

function NoStreets() {
  return (
    <>
      This is the plain map that comes with Slipstream: coasts, borders and degrees. Streets come from
      OpenFreeMap, which your browser could not reach. Reload the page once you are online. If you run the
      server, you can set <code>MAPBOX_ACCESS_TOKEN</code> to use Mapbox’ map instead.
    </>
  )
}
