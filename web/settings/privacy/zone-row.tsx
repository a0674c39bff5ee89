/** A zone in the list: it can be renamed, made larger, and removed. */
import { useEffect, useRef, useState } from 'react'
import { useApp } from '../../app/app.ts'
import { arriveAt, useArrival } from '../../forms/arriving.ts'
import { AskFirst } from '../../forms/ask-first.tsx'
import { type Complaint, complaintAbout } from '../../forms/complaint.ts'
import { Entry } from '../../forms/entries.tsx'
import { Field, Form, textOf } from '../../forms/form.tsx'
import { useFormats } from '../../rides/use-formats.ts'
import { changePrivacyZoneMutation, type PrivacyZone, removePrivacyZoneMutation } from './documents.ts'
import { RadiusField } from './radius-field.tsx'
import { nameless, radiusInWords } from './zone-words.ts'

export function ZoneRow({
  zone,
  isNew,
  want,
  changed,
  removed,
}: {
  zone: PrivacyZone
  /** It has just been hidden here. */
  isNew: boolean
  /** Shows it on the map as large as it would be, metres; null: as it is. */
  want: (radius: number | null) => void
  changed: () => Promise<void>
  removed: () => Promise<void>
}) {
  const { server, announcements } = useApp()
  const { units } = useFormats()
  const [state, setState] = useState<'shown' | 'changing' | 'left' | 'changed'>('shown')
  const [radius, setRadius] = useState(zone.radius)
  const heading = useArrival<HTMLHeadingElement>(isNew)
  const changeButton = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    if (state === 'left') arriveAt(changeButton.current)
    if (state === 'changed') arriveAt(heading.current)
  }, [state, heading])

  async function change(fields: FormData): Promise<Complaint> {
    const name = textOf(fields, 'name').trim()
    if (name === '') return nameless
    const answer = await server.mutate(changePrivacyZoneMutation, {
      input: { id: zone.id, name, radius: Math.max(radius, zone.radius) },
    })
    const result = answer.ok ? answer.data.changePrivacyZone : null
    if (result?.__typename !== 'ChangePrivacyZonePayload') return complaintAbout(result)
    setState('changed')
    announcements.say('The zone is changed.')
    await changed()
    want(null)
    return undefined
  }

  function setWanted(metres: number): void {
    setRadius(metres)
    want(metres)
  }

  function leave(): void {
    want(null)
    setState('left')
  }

  async function remove(): Promise<Complaint> {
    const answer = await server.mutate(removePrivacyZoneMutation, { input: { id: zone.id } })
    const result = answer.ok ? answer.data.removePrivacyZone : null
    if (result?.__typename !== 'RemovePrivacyZonePayload') return complaintAbout(result)
    await removed()
    return undefined
  }

  if (state === 'changing') {
    return (
      <li className="entry entry-open">
        <Form action="Save" submit={change} cancel={leave}>
          <Field
            label="Name (only you see it)"
            name="name"
            defaultValue={zone.name}
            maxLength={100}
            required
          />
          <RadiusField radius={radius} smallest={zone.radius} change={setWanted} />
          <p className="field-hint">
            Its centre may move when it grows. To make it smaller, remove it and hide the place again.
          </p>
        </Form>
      </li>
    )
  }
  return (
    <Entry name={zone.name} about={`Radius ${radiusInWords(zone.radius, units)}`} heading={heading}>
      <button
        type="button"
        className="button button-small"
        aria-label={`Change ${zone.name}`}
        ref={changeButton}
        onClick={() => {
          setRadius(zone.radius)
          setState('changing')
        }}
      >
        Change
      </button>
      <AskFirst
        action="Remove"
        object={zone.name}
        confirm="Remove the zone"
        about="Others will see the parts of your rides that it hides."
        act={remove}
      />
    </Entry>
  )
}
