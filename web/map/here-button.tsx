/** Takes for the place where the browser says that one is. */
import { useRef, useState } from 'react'
import { useApp } from '../app/app.ts'
import type { Place } from './glide.ts'

export function HereButton({ place, found }: { place: Place | null; found: (place: Place) => void }) {
  /** And which place was chosen then: with another one it is over. */
  const [asked, setAsked] = useState<{ state: 'asking' | keyof typeof words; place: Place | null } | null>(
    null,
  )
  const { announcements } = useApp()
  const chosen = useRef(place)
  chosen.current = place
  const state = asked?.place === place ? asked.state : 'ready'
  if (!('geolocation' in navigator)) return null

  function ask(): void {
    setAsked({ state: 'asking', place })
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        if (chosen.current === place) found([coords.longitude, coords.latitude])
      },
      ({ code, PERMISSION_DENIED }) => {
        const state = code === PERMISSION_DENIED ? 'not allowed' : 'not known'
        setAsked({ state, place })
        if (chosen.current === place) announcements.say(words[state])
      },
      { timeout: 10_000 },
    )
  }

  return (
    <>
      <button
        type="button"
        className="button button-small"
        aria-disabled={state === 'asking'}
        onClick={() => {
          if (state !== 'asking') ask()
        }}
      >
        {state === 'asking' ? 'Looking where you are …' : 'Use where I am'}
      </button>
      {state !== 'ready' && state !== 'asking' && <p className="field-hint">{words[state]}</p>}
    </>
  )
}

const words = {
  'not allowed': 'Your browser does not tell this page where you are. Click the map instead.',
  'not known': 'Your browser does not find out where you are. Click the map instead.',
} as const
