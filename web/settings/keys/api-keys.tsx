/** The keys of a rider's programs: which there are, a new one, shown once, and the end of one. */
import { useRef, useState } from 'react'
import { useApp } from '../../app/app.ts'
import { arriveAt } from '../../forms/arriving.ts'
import { AskFirst } from '../../forms/ask-first.tsx'
import { away, type Complaint, complaintAbout } from '../../forms/complaint.ts'
import { ComplaintLine } from '../../forms/complaint-line.tsx'
import { Entries, EntriesToCome, Entry } from '../../forms/entries.tsx'
import { Opener } from '../../forms/opener.tsx'
import { ShownOnce } from '../../forms/shown-once.tsx'
import { useAnswer } from '../../graphql/use-answer.ts'
import { type ApiKey, apiKeysQuery, revokeApiKeyMutation } from './documents.ts'
import { usageOf } from './key-words.ts'
import { type MadeKey, NewKey } from './new-key.tsx'

export function ApiKeys() {
  const { server, announcements } = useApp()
  const { data, failure, reload: load } = useAnswer(apiKeysQuery)
  const keys = data?.apiKeys ?? null
  const [made, setMade] = useState<MadeKey | null>(null)
  const heading = useRef<HTMLHeadingElement>(null)

  async function show(key: MadeKey): Promise<void> {
    setMade(key)
    announcements.say(`The key ${key.name} is made.`)
    await load()
  }

  async function revoke({ id, name }: ApiKey): Promise<Complaint> {
    const answer = await server.mutate(revokeApiKeyMutation, { input: { id } })
    const result = answer.ok ? answer.data.revokeApiKey : null
    const isGone = result?.__typename === 'RevokeApiKeyPayload' || result?.code === 'INVALID_INPUT'
    if (!isGone) return complaintAbout(result)
    await load()
    announcements.say(`The key ${name} is revoked.`)
    arriveAt(heading.current)
    return undefined
  }

  return (
    <>
      <header className="settings-head">
        <h1 ref={heading} tabIndex={-1}>
          API keys
        </h1>
        <p className="settings-about">
          Programs that record or read your rides use a key instead of your password. Programmers begin with{' '}
          <a href="/docs/guide">the guide</a>.
        </p>
      </header>
      {made !== null && (
        <ShownOnce
          label={`The key ${made.name}`}
          value={made.secret}
          done={() => {
            setMade(null)
            arriveAt(heading.current)
          }}
        >
          <strong>Copy the key now.</strong> It is not shown again.
        </ShownOnce>
      )}
      <ComplaintLine complaint={failure === null ? undefined : away} />
      {keys === null && failure === null && <EntriesToCome />}
      {keys?.length === 0 && made === null && <p className="note">You have no keys yet.</p>}
      {keys !== null && keys.length > 0 && (
        <Entries label="Your keys">
          {keys.map((key) => (
            <Entry
              key={key.id}
              name={key.name}
              about={
                <>
                  <code>{key.prefix}…</code> · {usageOf(key, new Date())}
                </>
              }
            >
              <AskFirst action="Revoke" object={key.name} act={() => revoke(key)} />
            </Entry>
          ))}
        </Entries>
      )}
      <Opener
        label="New key"
        isMain={keys?.length === 0}
        className="settings-add"
        opening={() => setMade(null)}
      >
        {(opened) => <NewKey opened={opened} made={show} />}
      </Opener>
    </>
  )
}
