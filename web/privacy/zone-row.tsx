/** A zone in the list: it can be renamed, made larger, and removed. */
import { useState } from 'react'
import { AccountForm, Field, textOf } from '../account/form.tsx'
import { useApp } from '../app/app.ts'
import { AskFirst } from '../forms/ask-first.tsx'
import { changePrivacyZoneMutation, type PrivacyZone, removePrivacyZoneMutation } from './documents.ts'
import { RadiusField } from './radius-field.tsx'
import { away, radiusInWords } from './zone-words.ts'

export function ZoneRow({ zone, reload }: { zone: PrivacyZone; reload: () => Promise<void> }) {
  const { server } = useApp()
  const [state, setState] = useState<'shown' | 'changing'>('shown')
  const [radius, setRadius] = useState(zone.radius)

  async function change(fields: FormData): Promise<string | undefined> {
    const answer = await server.mutate(changePrivacyZoneMutation, {
      input: { id: zone.id, name: textOf(fields, 'name'), radius: Math.max(radius, zone.radius) },
    })
    if (!answer.ok) return away
    const { changePrivacyZone: result } = answer.data
    if (result.__typename !== 'ChangePrivacyZonePayload') return result.message
    setState('shown')
    await reload()
    return undefined
  }

  async function remove(): Promise<string | undefined> {
    const answer = await server.mutate(removePrivacyZoneMutation, { input: { id: zone.id } })
    if (!answer.ok) return away
    const { removePrivacyZone: result } = answer.data
    if (result.__typename !== 'RemovePrivacyZonePayload') return result.message
    await reload()
    return undefined
  }

  if (state === 'changing') {
    return (
      <li className="key zone-changed">
        <AccountForm action="Change it" submit={change} cancel={() => setState('shown')}>
          <Field label="Name, for you alone" name="name" defaultValue={zone.name} maxLength={100} required />
          <RadiusField radius={radius} smallest={zone.radius} change={setRadius} />
          <p className="field-hint">To make it smaller, remove it and hide the place again.</p>
        </AccountForm>
      </li>
    )
  }
  return (
    <li className="key">
      <div className="key-about">
        <p className="key-name">{zone.name}</p>
        <p className="key-usage">{radiusInWords(zone.radius)} around</p>
      </div>
      <button
        type="button"
        className="button button-small"
        aria-label={`Change ${zone.name}`}
        onClick={() => {
          setRadius(zone.radius)
          setState('changing')
        }}
      >
        Change
      </button>
      <AskFirst action="Remove" object={zone.name} confirm="Show it again" act={remove} />
    </li>
  )
}
