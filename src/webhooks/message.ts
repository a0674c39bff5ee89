/** What is told, and how it is signed: Standard Webhooks, as https://www.standardwebhooks.com has it. */
import { Webhook } from 'standardwebhooks'
import type { WebhookEvent } from './endpoint.ts'

/** Ids only: what the ride holds is asked for with the receiver's own key. */
export interface Message {
  readonly type: WebhookEvent | 'ping'
  /** When it happened, milliseconds since 1970. */
  readonly happenedAt: number
  readonly rideId: string | null
  readonly rideVersion: number | null
}

export function bodyOf({ type, happenedAt, rideId, rideVersion }: Message): string {
  const data = rideId === null ? {} : { rideId, version: rideVersion }
  return JSON.stringify({ type, timestamp: new Date(happenedAt).toISOString(), data })
}

/** With a signature for each secret, so that one can be changed without a message being refused. `now` in milliseconds. */
export function signedHeaders(
  messageId: string,
  body: string,
  { secrets, now }: { readonly secrets: readonly string[]; readonly now: number },
): Record<string, string> {
  const at = new Date(now)
  return {
    'content-type': 'application/json',
    'user-agent': 'Slipstream',
    'webhook-id': messageId,
    'webhook-timestamp': String(Math.floor(now / 1000)),
    'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(messageId, at, body)).join(' '),
  }
}
