/** A key that is not there yet: what it is called, what it may, and how long. */
import { useApp } from '../../app/app.ts'
import { type Complaint, complaintAbout } from '../../forms/complaint.ts'
import { Field, Form, textOf } from '../../forms/form.tsx'
import { expiryOf } from '../../forms/lifetime.ts'
import { LifetimeField } from '../../forms/lifetime-field.tsx'
import type { Opened } from '../../forms/opener.tsx'
import { createApiKeyMutation } from './documents.ts'
import { lifetimes, rights } from './key-words.ts'

export interface MadeKey {
  readonly name: string
  readonly secret: string
}

export function NewKey({ opened, made }: { opened: Opened; made: (key: MadeKey) => Promise<void> }) {
  const { server } = useApp()

  async function make(fields: FormData): Promise<Complaint> {
    const name = textOf(fields, 'name').trim()
    const scopes = rights.map(({ scope }) => scope).filter((scope) => fields.has(scope))
    if (name === '') return 'Give the key a name.'
    if (scopes.length === 0) return 'Choose what the key may do.'
    const expiresAt = expiryOf(textOf(fields, 'lifetime'), new Date())
    const answer = await server.mutate(createApiKeyMutation, { input: { name, scopes, expiresAt } })
    const result = answer.ok ? answer.data.createApiKey : null
    if (result?.__typename !== 'CreateApiKeyPayload') return complaintAbout(result)
    opened.close()
    await made({ name, secret: result.secret })
    return undefined
  }

  return (
    <Form action="Make the key" submit={make} cancel={opened.goBack}>
      <Field label="Name" name="name" maxLength={100} required hint="For example “Bike computer”." />
      <fieldset className="choices">
        <legend>What it may do</legend>
        {rights.map(({ scope, label, hint }) => (
          <label key={scope}>
            <input type="checkbox" name={scope} defaultChecked />
            <span>
              {label}
              <span className="field-hint">{hint}</span>
            </span>
          </label>
        ))}
      </fieldset>
      <LifetimeField label="Valid for" lifetimes={lifetimes} usual="90" />
    </Form>
  )
}
