/** A key that is not there yet: what it is called, what it may, and how long. */
import { useApp } from '../app/app.ts'
import type { Opened } from '../forms/opener.tsx'
import { createApiKeyMutation } from './documents.ts'
import { AccountForm, Field, textOf } from './form.tsx'
import { daysOf, lifetimes } from './key-words.ts'
import type { Complaint } from './session.ts'

export interface MadeKey {
  readonly name: string
  readonly secret: string
}

const away = 'The server does not answer. Try again in a moment.'

export function NewKey({ opened, made }: { opened: Opened; made: (key: MadeKey) => Promise<void> }) {
  const { server } = useApp()

  async function make(fields: FormData): Promise<Complaint> {
    const name = textOf(fields, 'name')
    const days = daysOf(textOf(fields, 'lifetime'))
    const scopes = (['RIDES_READ', 'RIDES_WRITE'] as const).filter((scope) => fields.has(scope))
    const expiresAt = days === null ? null : new Date(Date.now() + days * 86_400_000).toISOString()
    const answer = await server.mutate(createApiKeyMutation, { input: { name, scopes, expiresAt } })
    if (!answer.ok) return away
    const { createApiKey: result } = answer.data
    if (result.__typename !== 'CreateApiKeyPayload') return result.message
    opened.close()
    await made({ name, secret: result.secret })
    return undefined
  }

  return (
    <AccountForm action="Make the key" submit={make} cancel={opened.goBack}>
      <Field label="Name" name="name" maxLength={100} required placeholder="Bike computer" />
      <fieldset className="choices">
        <legend>It may</legend>
        <label>
          <input type="checkbox" name="RIDES_READ" defaultChecked /> read your rides
        </label>
        <label>
          <input type="checkbox" name="RIDES_WRITE" defaultChecked /> record and change them
        </label>
      </fieldset>
      <label className="field">
        Good for
        <select name="lifetime" defaultValue="90">
          {lifetimes.map(({ value, label }) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
      </label>
    </AccountForm>
  )
}
