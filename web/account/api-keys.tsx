/** The keys of a rider's programs: which there are, a new one, shown once, and the end of one. */
import { useCallback, useEffect, useState } from 'react'
import { useApp } from '../app/app.ts'
import { AskFirst } from '../forms/ask-first.tsx'
import { type ApiKey, apiKeysQuery, createApiKeyMutation, revokeApiKeyMutation } from './documents.ts'
import { AccountForm, Field, textOf } from './form.tsx'
import { daysOf, lifetimes, usageOf } from './key-words.ts'
import type { Complaint } from './session.ts'

const away = 'The server does not answer. Try again in a moment.'

export function ApiKeys() {
  const { server } = useApp()
  const [keys, setKeys] = useState<readonly ApiKey[] | null>(null)
  const [secret, setSecret] = useState<string | null>(null)
  const [isMaking, setMaking] = useState(false)
  const [complaint, setComplaint] = useState<Complaint>()

  const load = useCallback(async () => {
    const answer = await server.query(apiKeysQuery, {})
    if (answer.ok) setKeys(answer.data.apiKeys)
    setComplaint(answer.ok ? undefined : away)
  }, [server])
  useEffect(() => void load(), [load])

  async function make(fields: FormData): Promise<Complaint> {
    const days = daysOf(textOf(fields, 'lifetime'))
    const scopes = (['RIDES_READ', 'RIDES_WRITE'] as const).filter((scope) => fields.has(scope))
    const expiresAt = days === null ? null : new Date(Date.now() + days * 86_400_000).toISOString()
    const answer = await server.mutate(createApiKeyMutation, {
      input: { name: textOf(fields, 'name'), scopes, expiresAt },
    })
    if (!answer.ok) return away
    const { createApiKey: result } = answer.data
    if (result.__typename !== 'CreateApiKeyPayload') return result.message
    setSecret(result.secret)
    setMaking(false)
    await load()
    return undefined
  }

  async function revoke(id: string): Promise<Complaint> {
    const answer = await server.mutate(revokeApiKeyMutation, { input: { id } })
    if (!answer.ok) return away
    const { revokeApiKey: result } = answer.data
    if (result.__typename !== 'RevokeApiKeyPayload') return result.message
    await load()
    return undefined
  }

  return (
    <section aria-labelledby="keys-heading">
      <h2 id="keys-heading">API keys</h2>
      <p className="account-note">
        A program that records or reads your rides brings a key in place of your password.
      </p>
      {secret !== null && <NewSecret secret={secret} done={() => setSecret(null)} />}
      {complaint !== undefined && (
        <p className="complaint" role="alert">
          {complaint}
        </p>
      )}
      {keys !== null && keys.length > 0 && (
        <ul className="keys">
          {keys.map((key) => (
            <KeyRow key={key.id} apiKey={key} revoke={() => revoke(key.id)} />
          ))}
        </ul>
      )}
      {isMaking ? (
        <AccountForm action="Make the key" submit={make} cancel={() => setMaking(false)}>
          <Field label="Name" name="name" maxLength={100} required placeholder="Bike computer" autoFocus />
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
      ) : (
        <button
          type="button"
          className="button"
          onClick={() => {
            setSecret(null)
            setMaking(true)
          }}
        >
          New key
        </button>
      )}
    </section>
  )
}

function NewSecret({ secret, done }: { secret: string; done: () => void }) {
  const [isCopied, setCopied] = useState(false)
  const copy = () =>
    navigator.clipboard.writeText(secret).then(
      () => setCopied(true),
      () => undefined,
    )
  return (
    <div className="new-secret" role="status">
      <p>
        <strong>Copy the key now.</strong> It is not shown again.
      </p>
      <code>{secret}</code>
      <div className="new-secret-actions">
        <button type="button" className="button button-main" onClick={() => void copy()}>
          {isCopied ? 'Copied' : 'Copy'}
        </button>
        <button type="button" className="button" onClick={done}>
          Done
        </button>
      </div>
    </div>
  )
}

function KeyRow({ apiKey, revoke }: { apiKey: ApiKey; revoke: () => Promise<Complaint> }) {
  return (
    <li className="key">
      <div className="key-about">
        <p className="key-name">{apiKey.name}</p>
        <p className="key-usage">
          <code>{apiKey.prefix}…</code> · {usageOf(apiKey, new Date())}
        </p>
      </div>
      <AskFirst action="Revoke" object={apiKey.name} act={revoke} />
    </li>
  )
}
