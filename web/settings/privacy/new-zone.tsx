/** A zone that is not there yet: its place is chosen on the map, with a click or as its middle, or is where one is. */
import { useEffect, useRef } from 'react'
import { useRiderMap } from '../../app/app.ts'
import { arriveAt } from '../../forms/arriving.ts'
import type { Complaint } from '../../forms/complaint.ts'
import { Field, Form, textOf } from '../../forms/form.tsx'
import { boxAroundCircles } from '../../map/geodesy.ts'
import type { Place } from '../../map/glide.ts'
import { HereButton } from '../../map/here-button.tsx'
import type { RiderMap } from '../../map/rider-map.ts'
import { RadiusField } from './radius-field.tsx'
import { nameless } from './zone-words.ts'

/** Metres. */
const usualRadius = 500

const choose = 'Click or tap the map where the place is.'

export interface WantedZone {
  readonly name: string
  readonly place: Place
  readonly radius: number
}

export interface Draft {
  /** Null: none is chosen yet. */
  readonly place: Place | null
  /** Metres. */
  readonly radius: number
}

export const noDraft: Draft = { place: null, radius: usualRadius }

export function NewZone({
  draft,
  setDraft,
  add,
  cancel,
}: {
  draft: Draft
  setDraft: (draft: Draft) => void
  add: (zone: WantedZone) => Promise<Complaint>
  cancel: () => void
}) {
  const map = useRiderMap()
  const heading = useRef<HTMLHeadingElement>(null)
  const section = useRef<HTMLElement>(null)
  const { place, radius } = draft
  useEffect(() => {
    arriveAt(heading.current)
    // No further than it takes: above it stands what is hidden already.
    section.current?.scrollIntoView({ block: 'nearest' })
  }, [])
  useEffect(() => {
    if (map === null) return
    map.choosePlace((chosen) => {
      // From afar a click is kilometres off: the next one, if it takes one, is from close by.
      if (place === null) lookAt(map, chosen, radius)
      setDraft({ radius, place: chosen })
    })
    return () => map.choosePlace(null)
  }, [map, place, radius, setDraft])

  function take(chosen: Place): void {
    setDraft({ radius, place: chosen })
    if (map !== null) lookAt(map, chosen, radius)
  }

  async function submit(fields: FormData): Promise<Complaint> {
    if (place === null) return choose
    const name = textOf(fields, 'name').trim()
    return name === '' ? nameless : add({ name, place, radius })
  }

  return (
    <section className="new-zone" aria-labelledby="new-zone-heading" ref={section}>
      <h2 id="new-zone-heading" ref={heading} tabIndex={-1}>
        A place to hide
      </h2>
      <p role="status">{place === null ? choose : 'Click or tap again to choose another place.'}</p>
      <div className="place-buttons">
        <HereButton place={place} found={take} />
        {map !== null && (
          <button type="button" className="button button-small" onClick={() => take(map.middle())}>
            Use the map’s centre
          </button>
        )}
      </div>
      <Form action="Hide it" submit={submit} cancel={cancel}>
        <Field
          label="Name (only you see it)"
          name="name"
          maxLength={100}
          required
          hint="For example “Home”."
        />
        <RadiusField
          radius={radius}
          smallest={300}
          change={(metres) => setDraft({ place, radius: metres })}
        />
      </Form>
    </section>
  )
}

function lookAt(map: RiderMap, middle: Place, radiusMetres: number): void {
  // With room around it: the streets beside are what one finds a place by.
  const box = boxAroundCircles([{ middle, radiusMetres: 2 * radiusMetres }])
  if (box !== null) map.fitBounds(box, { animate: true, maxZoom: 14 })
}
