/** A webhook in the list: how it is, what can be done with it, and, where it is open, the log of what was sent. */
import { Link } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { useApp } from '../../app/app.ts'
import { arriveAt } from '../../forms/arriving.ts'
import { AskFirst } from '../../forms/ask-first.tsx'
import { type Complaint, complaintAbout } from '../../forms/complaint.ts'
import { ComplaintLine } from '../../forms/complaint-line.tsx'
import { DeliveryLog } from './delivery-log.tsx'
import {
  deleteWebhookMutation,
  pingWebhookMutation,
  rotateWebhookSecretMutation,
  updateWebhookMutation,
  type Webhook,
} from './documents.ts'
import { type WantedWebhook, WebhookForm } from './webhook-form.tsx'
import { healthOf, healths, toldOf, whyNot } from './webhook-words.ts'

export function WebhookEntry({
  webhook,
  isLogOpen,
  openLog,
  changed,
  removed,
  showSecret,
}: {
  webhook: Webhook
  isLogOpen: boolean
  openLog: () => void
  changed: () => Promise<void>
  removed: () => Promise<void>
  showSecret: (secret: string) => void
}) {
  const { server, announcements } = useApp()
  const { id: webhookId, url } = webhook
  const name = hostOf(url)
  const health = healthOf(webhook)
  const [state, setState] = useState<'shown' | 'changing' | 'left'>('shown')
  const [complaint, setComplaint] = useState<Complaint>()
  /** Grows with what is asked to be sent: the log looks at once. */
  const [asked, setAsked] = useState(0)
  const changeButton = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    if (state === 'left') arriveAt(changeButton.current)
  }, [state])

  async function update(input: Partial<WantedWebhook> & { isEnabled?: boolean }): Promise<Complaint> {
    const { events, ...rest } = input
    const answer = await server.mutate(updateWebhookMutation, {
      input: { webhookId, ...rest, ...(events && { events: [...events] }) },
    })
    const result = answer.ok ? answer.data.updateWebhook : null
    if (result?.__typename !== 'UpdateWebhookPayload') return complaintAbout(result)
    await changed()
    return undefined
  }

  async function switchTo(isEnabled: boolean): Promise<void> {
    const answer = await update({ isEnabled })
    setComplaint(answer)
    if (answer === undefined)
      announcements.say(isEnabled ? 'The webhook is switched on.' : 'The webhook is switched off.')
  }

  async function ping(): Promise<void> {
    const answer = await server.mutate(pingWebhookMutation, { input: { webhookId } })
    const result = answer.ok ? answer.data.pingWebhook : null
    if (result?.__typename !== 'PingWebhookPayload') return setComplaint(complaintAbout(result))
    setComplaint(undefined)
    announcements.say('A test message is on its way. The log shows whether it arrives.')
    setAsked(asked + 1)
    openLog()
  }

  async function rotate(): Promise<Complaint> {
    const answer = await server.mutate(rotateWebhookSecretMutation, { input: { webhookId } })
    const result = answer.ok ? answer.data.rotateWebhookSecret : null
    if (result?.__typename !== 'RotateWebhookSecretPayload') return complaintAbout(result)
    announcements.say('There is a new secret.')
    showSecret(result.secret)
    return undefined
  }

  async function remove(): Promise<Complaint> {
    const answer = await server.mutate(deleteWebhookMutation, { input: { webhookId } })
    const result = answer.ok ? answer.data.deleteWebhook : null
    const isGone = result?.__typename === 'DeleteWebhookPayload' || result?.code === 'INVALID_INPUT'
    if (!isGone) return complaintAbout(result)
    await removed()
    return undefined
  }

  if (state === 'changing') {
    return (
      <li className="entry entry-open">
        <WebhookForm
          action="Save"
          webhook={webhook}
          submit={async (wanted) => {
            const answer = await update(wanted)
            if (answer === undefined) {
              setState('left')
              announcements.say('The webhook is changed.')
            }
            return answer
          }}
          cancel={() => setState('left')}
        />
      </li>
    )
  }
  const why = whyNot(webhook)
  return (
    <li className="entry webhook" data-health={health}>
      <div className="entry-about">
        <div className="webhook-head">
          <h3 className="webhook-url">{url}</h3>
          <span className="webhook-health">{healths[health]}</span>
        </div>
        <p className="entry-more">{toldOf(webhook.events)}</p>
        {why !== '' && <p className="webhook-why">{why}</p>}
      </div>
      <div className="webhook-actions">
        <Link
          to="/settings/webhooks"
          search={(search) => {
            const { log: _, ...rest } = search
            return isLogOpen ? rest : { ...rest, log: webhookId }
          }}
          replace
          className="button button-small"
          aria-expanded={isLogOpen}
          aria-label={`${isLogOpen ? 'Hide the log of' : 'Log of'} ${name}`}
        >
          {isLogOpen ? 'Hide the log' : 'Log'}
        </Link>
        <button
          type="button"
          className="button button-small"
          aria-label={`Send a test message to ${name}`}
          onClick={() => void ping()}
        >
          Send a test
        </button>
        <button
          type="button"
          className="button button-small"
          aria-label={`Switch ${health === 'off' ? 'on' : 'off'} ${name}`}
          onClick={() => void switchTo(health === 'off')}
        >
          Switch {health === 'off' ? 'on' : 'off'}
        </button>
        <button
          type="button"
          className="button button-small"
          aria-label={`Change ${name}`}
          ref={changeButton}
          onClick={() => setState('changing')}
        >
          Change
        </button>
        <AskFirst action="New secret" object={`for ${name}`} confirm="Make a new secret" act={rotate} />
        <AskFirst action="Delete" object={name} confirm="Delete it and its log" act={remove} />
      </div>
      <ComplaintLine complaint={complaint} />
      {isLogOpen && <DeliveryLog webhookId={webhookId} name={name} asked={asked} />}
    </li>
  )
}

/** The path may be a secret: it is read out no more than it has to be. */
function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url
}
