/** Says, to whoever runs the server, why the map is not the one that was configured. */
import { useState } from 'react'
import type { RiderMap } from './rider-map.ts'

const shownInstead: Record<RiderMap['style'], string> = {
  mapbox: 'Mapbox’ map is shown',
  openfreemap: 'OpenFreeMap’s map is shown instead',
  'built-in': 'the built-in map, without streets, is shown instead',
}

export function FallbackNote({ map }: { map: RiderMap }) {
  const [isDismissed, setIsDismissed] = useState(false)
  if (map.fallback === null || isDismissed) return null
  return (
    <div className="map-note" role="note">
      <p>
        Mapbox refused this server’s access token, so {shownInstead[map.style]}. If you run the server, check{' '}
        <code>MAPBOX_ACCESS_TOKEN</code>.
      </p>
      <button
        type="button"
        className="map-note-close"
        aria-label="Dismiss"
        onClick={() => setIsDismissed(true)}
      >
        ×
      </button>
    </div>
  )
}
