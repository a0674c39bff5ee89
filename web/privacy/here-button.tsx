/** Takes for the place where the browser says that one is. */
import { useState } from 'react'
import type { Place } from '../map/glide.ts'

export function HereButton({ found }: { found: (place: Place) => void }) {
  const [state, setState] = useState<'ready' | 'asking' | 'failed'>('ready')
  if (!('geolocation' in navigator)) return null
  function ask(): void {
    setState('asking')
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        setState('ready')
        found([coords.longitude, coords.latitude])
      },
      () => setState('failed'),
      { timeout: 10_000 },
    )
  }
  return (
    <>
      <button type="button" className="button button-small" disabled={state === 'asking'} onClick={ask}>
        {state === 'asking' ? 'Looking where you are …' : 'Use where I am now'}
      </button>
      {state === 'failed' && (
        <p className="field-hint" role="status">
          The browser does not tell where you are. Click the map instead.
        </p>
      )}
    </>
  )
}
