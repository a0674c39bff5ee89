/** A zone that is not there yet: its place is chosen on the map, or is where one is. */
import { useEffect, useState } from 'react'
import { AccountForm, Field, textOf } from '../account/form.tsx'
import { useRiderMap } from '../app/app.ts'
import { boxAroundCircles } from '../map/geodesy.ts'
import type { Place } from '../map/glide.ts'
import type { RiderMap } from '../map/rider-map.ts'
import { RadiusField } from './radius-field.tsx'

/** Metres. */
export const usualRadius = 500

export interface WantedZone {
  readonly name: string
  readonly place: Place
  readonly radius: number
}

interface Draft {
  readonly place: Place | null
  readonly radius: number
}

export function NewZone({
  draft,
  setDraft,
  add,
  cancel,
}: {
  draft: Draft
  setDraft: (draft: Draft) => void
  add: (zone: WantedZone) => Promise<string | undefined>
  cancel: () => void
}) {
  const map = useRiderMap()
  const { place, radius } = draft
  useEffect(() => {
    if (map === null) return
    map.choosePlace((chosen) => {
      // From afar a click is kilometres off: the next one, if it takes one, is from close by.
      if (place === null) lookAt(map, chosen, radius)
      setDraft({ radius, place: chosen })
    })
    return () => map.choosePlace(null)
  }, [map, place, radius, setDraft])

  async function submit(fields: FormData): Promise<string | undefined> {
    if (place === null) return 'Click the map where the place is.'
    return add({ name: textOf(fields, 'name'), place, radius })
  }

  return (
    <section className="new-zone" aria-label="A new zone">
      <p className="privacy-step" role="status">
        {place === null ? 'Click the map where the place is.' : 'Click again to choose another place.'}
      </p>
      <HereButton
        found={(here) => {
          setDraft({ radius, place: here })
          if (map !== null) lookAt(map, here, radius)
        }}
      />
      <AccountForm action="Hide it" submit={submit} cancel={cancel}>
        <Field label="Name, for you alone" name="name" placeholder="Home" maxLength={100} required />
        <RadiusField
          radius={radius}
          smallest={300}
          change={(metres) => setDraft({ place, radius: metres })}
        />
      </AccountForm>
    </section>
  )
}

function lookAt(map: RiderMap, middle: Place, radiusMetres: number): void {
  // With room around it: the streets beside are what one finds a place by.
  const box = boxAroundCircles([{ middle, radiusMetres: 2 * radiusMetres }])
  if (box !== null) map.fitBounds(box, { animate: true, maxZoom: 14 })
}

function HereButton({ found }: { found: (place: Place) => void }) {
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
