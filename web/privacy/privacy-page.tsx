/** `/privacy`: the circles in which nobody else sees one's rides, on the map and in a list. */
import { Link } from '@tanstack/react-router'
import { useCallback, useEffect, useState } from 'react'
import { useApp, useRiderMap } from '../app/app.ts'
import { Notice } from '../app/notice.tsx'
import type { Failure } from '../graphql/failure.ts'
import { boxAroundCircles } from '../map/geodesy.ts'
import type { Place } from '../map/glide.ts'
import { addPrivacyZoneMutation, type PrivacyZone, privacyZonesQuery } from './documents.ts'
import { NewZone, usualRadius, type WantedZone } from './new-zone.tsx'
import { ZoneRow } from './zone-row.tsx'
import { away } from './zone-words.ts'

const mostZones = 10

export function PrivacyPage() {
  const { server } = useApp()
  const [zones, setZones] = useState<readonly PrivacyZone[] | null>(null)
  const [failure, setFailure] = useState<Failure | null>(null)
  const [draft, setDraft] = useState<{ place: Place | null; radius: number } | null>(null)

  const load = useCallback(async () => {
    const answer = await server.query(privacyZonesQuery, {})
    if (answer.ok) setZones(answer.data.privacyZones)
    setFailure(answer.ok ? null : answer.failure)
  }, [server])
  useEffect(() => void load(), [load])
  useEffect(() => {
    document.title = 'Privacy zones · Slipstream'
  }, [])
  useCircles(zones, draft)

  async function add({ name, place, radius }: WantedZone): Promise<string | undefined> {
    const [longitude, latitude] = place
    const answer = await server.mutate(addPrivacyZoneMutation, {
      input: { name, latitude, longitude, radius },
    })
    if (!answer.ok) return away
    const { addPrivacyZone: result } = answer.data
    if (result.__typename !== 'AddPrivacyZonePayload') return result.message
    setDraft(null)
    await load()
    return undefined
  }

  if (failure?.kind === 'final') {
    return (
      <Notice title="You are not signed in">
        <Link to="/sign-in" className="button">
          Sign in
        </Link>
      </Notice>
    )
  }
  return (
    <article className="account privacy">
      <Link to="/" className="back">
        <span aria-hidden="true">←</span> All rides
      </Link>
      <header>
        <h1>Privacy zones</h1>
        <p className="privacy-about">
          Inside these circles nobody but you sees your rides. To others a ride begins where it leaves them
          and ends where it last was outside; distance, times and records count from there. That holds for
          rides you have ridden already, too.
        </p>
      </header>
      {failure !== null && (
        <p className="complaint" role="alert">
          {away}
        </p>
      )}
      {zones !== null && zones.length > 0 && (
        <ul className="keys" aria-label="Your zones">
          {zones.map((zone) => (
            <ZoneRow key={zone.id} zone={zone} reload={load} />
          ))}
        </ul>
      )}
      {zones !== null &&
        (draft === null ? (
          <button
            type="button"
            className={zones.length === 0 ? 'button button-main privacy-add' : 'button privacy-add'}
            disabled={zones.length >= mostZones}
            onClick={() => setDraft({ place: null, radius: usualRadius })}
          >
            {zones.length === 0 ? 'Hide a place' : 'Hide another place'}
          </button>
        ) : (
          <NewZone draft={draft} setDraft={setDraft} add={add} cancel={() => setDraft(null)} />
        ))}
      <p className="account-note">
        A circle is not drawn around the place itself: it is moved by chance, once, so that its middle does
        not point to your door. The place you choose is not kept.
      </p>
    </article>
  )
}

/** Shows them, and whoever has nothing yet where his next click goes. */
function useCircles(
  zones: readonly PrivacyZone[] | null,
  draft: { place: Place | null; radius: number } | null,
): void {
  const map = useRiderMap()
  useEffect(() => {
    if (map === null) return
    const circles = (zones ?? []).map(({ latitude, longitude, radius, name }) => ({
      middle: [longitude, latitude] as const,
      radiusMetres: radius,
      label: name,
      isDraft: false,
    }))
    const wanted = draft?.place
      ? [{ middle: draft.place, radiusMetres: draft.radius, label: null, isDraft: true }]
      : []
    map.setCircles([...circles, ...wanted])
    return () => map.setCircles([])
  }, [map, zones, draft])
  useEffect(() => {
    if (map === null || zones === null) return
    const box = boxAroundCircles(
      zones.map(({ latitude, longitude, radius }) => ({
        middle: [longitude, latitude] as const,
        radiusMetres: radius,
      })),
    )
    if (box !== null) map.fitBounds(box, { animate: true, maxZoom: 14 })
  }, [map, zones])
}
