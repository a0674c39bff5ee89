/** `/settings/webhooks`: the rider's own programs that are told what happens to his rides. */
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useRef, useState } from 'react'
import { NotSignedIn } from '../account/notices.tsx'
import { useApp } from '../app/app.ts'
import { useTitle } from '../app/page.tsx'
import { arriveAt } from '../forms/arriving.ts'
import { away, type Complaint, complaintAbout } from '../forms/complaint.ts'
import { ComplaintLine } from '../forms/complaint-line.tsx'
import { Entries, EntriesToCome } from '../forms/entries.tsx'
import { type Opened, Opener } from '../forms/opener.tsx'
import { ShownOnce } from '../forms/shown-once.tsx'
import { useAnswer } from '../graphql/use-answer.ts'
import { OfRider, SettingsPage } from './settings-page.tsx'
import { createWebhookMutation, webhooksQuery } from './webhooks/documents.ts'
import { WebhookEntry } from './webhooks/webhook-entry.tsx'
import { type WantedWebhook, WebhookForm } from './webhooks/webhook-form.tsx'

const mostWebhooks = 10

interface ShownSecret {
  readonly url: string
  readonly secret: string
  /** There was none before. */
  readonly isFirst: boolean
}

export function WebhooksPage() {
  useTitle('Webhooks')
  return (
    <SettingsPage>
      <OfRider notSignedIn={<NotSignedIn />}>
        <Webhooks />
      </OfRider>
    </SettingsPage>
  )
}

function Webhooks() {
  const { server, announcements } = useApp()
  const { log } = useSearch({ from: '/settings/webhooks' })
  const navigate = useNavigate({ from: '/settings/webhooks' })
  const { data, failure, reload } = useAnswer(webhooksQuery)
  const webhooks = data?.webhooks ?? null
  const [shown, setShown] = useState<ShownSecret | null>(null)
  const heading = useRef<HTMLHeadingElement>(null)

  async function create({ url, events }: WantedWebhook, { close }: Opened): Promise<Complaint> {
    const answer = await server.mutate(createWebhookMutation, { input: { url, events: [...events] } })
    const result = answer.ok ? answer.data.createWebhook : null
    if (result?.__typename !== 'CreateWebhookPayload') return complaintAbout(result)
    close()
    setShown({ url: result.webhook.url, secret: result.secret, isFirst: true })
    announcements.say('The webhook is made.')
    await reload()
    return undefined
  }

  async function removed(): Promise<void> {
    setShown(null)
    await reload()
    announcements.say('The webhook is deleted.')
    arriveAt(heading.current)
  }

  return (
    <>
      <header className="settings-head">
        <h1 ref={heading} tabIndex={-1}>
          Webhooks
        </h1>
        <p className="settings-about">
          A webhook tells a program of yours that something has happened to one of your rides. A message says
          only what happened, when and to which ride; with an API key the program asks for the rest. Messages
          are signed (Standard Webhooks), so that the program can check where they come from.
        </p>
      </header>
      {shown !== null && (
        <ShownOnce
          label={`The secret of ${shown.url}`}
          value={shown.secret}
          done={() => {
            setShown(null)
            arriveAt(heading.current)
          }}
        >
          <strong>Copy the secret now.</strong> It is not shown again. Your program needs it to check that a
          message comes from this server.{' '}
          {!shown.isFirst &&
            'For one day messages are signed with the old secret as well, so that none is lost.'}
        </ShownOnce>
      )}
      <ComplaintLine complaint={failure === null ? undefined : away} />
      {webhooks === null && failure === null && <EntriesToCome />}
      {webhooks?.length === 0 && <p className="note">You have no webhooks yet.</p>}
      {webhooks !== null && webhooks.length > 0 && (
        <Entries label="Your webhooks">
          {webhooks.map((webhook) => (
            <WebhookEntry
              key={webhook.id}
              webhook={webhook}
              isLogOpen={log === webhook.id}
              openLog={() =>
                void navigate({ search: (search) => ({ ...search, log: webhook.id }), replace: true })
              }
              changed={reload}
              removed={removed}
              showSecret={(secret) => setShown({ url: webhook.url, secret, isFirst: false })}
            />
          ))}
        </Entries>
      )}
      {webhooks !== null && (
        <Opener
          label="New webhook"
          isMain={webhooks.length === 0}
          isDisabled={webhooks.length >= mostWebhooks}
          className="settings-add"
          opening={() => setShown(null)}
        >
          {(opened) => (
            <WebhookForm
              action="Make the webhook"
              submit={(wanted) => create(wanted, opened)}
              cancel={opened.goBack}
            />
          )}
        </Opener>
      )}
    </>
  )
}
