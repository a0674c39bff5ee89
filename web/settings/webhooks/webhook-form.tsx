/** Where a webhook is and what it is told: of one that is to be, or of one that is there. */
import type { Complaint } from '../../forms/complaint.ts'
import { Field, Form, textOf } from '../../forms/form.tsx'
import type { Webhook, WebhookEvent } from './documents.ts'
import { events } from './webhook-words.ts'

export interface WantedWebhook {
  readonly url: string
  readonly events: readonly WebhookEvent[]
}

export function WebhookForm({
  action,
  webhook,
  submit,
  cancel,
}: {
  action: string
  /** As it is; left out, of a new one. */
  webhook?: Webhook
  submit: (wanted: WantedWebhook) => Promise<Complaint>
  cancel: () => void
}) {
  async function send(fields: FormData): Promise<Complaint> {
    const url = textOf(fields, 'url').trim()
    const told = events.map(({ event }) => event).filter((event) => fields.has(event))
    if (url === '') return 'Enter the address of your program.'
    if (told.length === 0) return 'Choose at least one kind of message.'
    // The server names the field as a program writes it.
    return (await submit({ url, events: told }))?.replace(/^'url'/, 'The address')
  }

  return (
    <Form action={action} submit={send} cancel={cancel}>
      <Field
        label="Address"
        name="url"
        type="url"
        inputMode="url"
        autoComplete="off"
        spellCheck={false}
        defaultValue={webhook?.url ?? 'https://'}
        maxLength={2000}
        required
        hint="Messages are sent here, as HTTP POST requests. Your program must answer that it has taken one (a status of
200 to 299) within ten seconds."
      />
      <fieldset className="choices">
        <legend>Send a message when</legend>
        {events.map(({ event, label, hint }) => (
          <label key={event}>
            <input type="checkbox" name={event} defaultChecked={webhook?.events.includes(event) ?? true} />
            <span>
              {label}
              <span className="field-hint">{hint}</span>
            </span>
          </label>
        ))}
      </fieldset>
    </Form>
  )
}
