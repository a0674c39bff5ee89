/** `/settings/privacy`: the circles in which nobody else sees one's rides, on the map and in a list. */
import { useRef, useState } from 'react'
import { NotSignedIn } from '../account/notices.tsx'
import { useApp } from '../app/app.ts'
import { useTitle } from '../app/page.tsx'
import { arriveAt } from '../forms/arriving.ts'
import { away, type Complaint, complaintAbout } from '../forms/complaint.ts'
import { ComplaintLine } from '../forms/complaint-line.tsx'
import { Entries } from '../forms/entries.tsx'
import { type Opened, Opener } from '../forms/opener.tsx'
import { useAnswer } from '../graphql/use-answer.ts'
import { addPrivacyZoneMutation, type PrivacyZone, privacyZonesQuery } from './privacy/documents.ts'
import { type Draft, NewZone, noDraft, type WantedZone } from './privacy/new-zone.tsx'
import { useCircles } from './privacy/use-circles.ts'
import { useOwnRoutes } from './privacy/use-own-routes.ts'
import { ZoneRow } from './privacy/zone-row.tsx'
import { SettingsPage } from './settings-page.tsx'

const mostZones = 10

export function PrivacyPage() {
  const { server, announcements } = useApp()
  const { data, failure, reload: load } = useAnswer(privacyZonesQuery)
  const zones = data?.privacyZones ?? null
  const [draft, setDraft] = useState<Draft>(noDraft)
  const [wantedRadii, setWantedRadii] = useState<ReadonlyMap<string, number>>(new Map())
  const [addedId, setAddedId] = useState<string | null>(null)
  const heading = useRef<HTMLHeadingElement>(null)

  useTitle('Privacy zones')
  useCircles(zones, draft, wantedRadii, useOwnRoutes())

  async function add({ name, place, radius }: WantedZone, { close }: Opened): Promise<Complaint> {
    const [longitude, latitude] = place
    const answer = await server.mutate(addPrivacyZoneMutation, {
      input: { name, latitude, longitude, radius },
    })
    const result = answer.ok ? answer.data.addPrivacyZone : null
    if (result?.__typename !== 'AddPrivacyZonePayload') return complaintAbout(result)
    setAddedId(result.privacyZone.id)
    setDraft(noDraft)
    close()
    announcements.say(`${name} is hidden.`)
    await load()
    return undefined
  }

  function want(zone: PrivacyZone, radius: number | null): void {
    setWantedRadii((known) => {
      const others = [...known].filter(([id]) => id !== zone.id)
      return new Map(radius === null ? others : [...others, [zone.id, radius]])
    })
  }

  async function removed(zone: PrivacyZone): Promise<void> {
    await load()
    announcements.say(`${zone.name} is shown again.`)
    arriveAt(heading.current)
  }

  if (failure?.kind === 'final') {
    return (
      <SettingsPage>
        <NotSignedIn />
      </SettingsPage>
    )
  }
  return (
    <SettingsPage>
      <header className="privacy-head">
        <h1 ref={heading} tabIndex={-1}>
          Privacy zones
        </h1>
        <p className="privacy-about">
          Only you see where you ride inside these circles. For everyone else a ride starts where it first
          leaves them and ends where it was last outside; distance, times and records count only that part. It
          applies to rides you have already recorded, too.
        </p>
      </header>
      <ComplaintLine complaint={failure === null ? undefined : away} />
      {zones !== null && zones.length > 0 && (
        <Entries label="Your zones">
          {zones.map((zone) => (
            <ZoneRow
              key={zone.id}
              zone={zone}
              isNew={zone.id === addedId}
              want={(radius) => want(zone, radius)}
              changed={load}
              removed={() => removed(zone)}
            />
          ))}
        </Entries>
      )}
      {zones !== null && (
        <Opener
          label={zones.length === 0 ? 'Hide a place' : 'Hide another place'}
          isMain={zones.length === 0}
          isDisabled={zones.length >= mostZones}
          className="privacy-add"
        >
          {(opened) => (
            <NewZone
              draft={draft}
              setDraft={setDraft}
              add={(zone) => add(zone, opened)}
              cancel={() => {
                setDraft(noDraft)
                opened.goBack()
              }}
            />
          )}
        </Opener>
      )}
      <p className="note">
        Each circle is shifted by a random distance, once, so that its centre does not point to your door. The
        place you choose is not stored.
      </p>
    </SettingsPage>
  )
}
