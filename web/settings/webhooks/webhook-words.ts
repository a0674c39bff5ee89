/** Webhooks and what was sent to them, in words for the rider whose they are. */
import { formatter, thisViewer } from '../../rides/start.ts'
import type { Delivery, Webhook, WebhookEvent } from './documents.ts'

export const events: readonly {
  readonly event: WebhookEvent
  readonly label: string
  readonly hint: string
}[] = [
  {
    event: 'RIDE_FINISHED',
    label: 'A ride is finished',
    hint: 'Its route and its figures are there.',
  },
  { event: 'RIDE_EDITED', label: 'A ride is edited', hint: 'Its title, description or who sees it.' },
  { event: 'RIDE_DELETED', label: 'A ride is deleted', hint: 'Nothing of it is there any more.' },
]

/** `told of rides that are finished, deleted` */
export function toldOf(told: readonly WebhookEvent[]): string {
  const short: Record<WebhookEvent, string> = {
    RIDE_FINISHED: 'finished',
    RIDE_EDITED: 'edited',
    RIDE_DELETED: 'deleted',
  }
  return `told of rides that are ${events
    .filter(({ event }) => told.includes(event))
    .map(({ event }) => short[event])
    .join(', ')}`
}

export type Health = 'on' | 'failing' | 'off'

export function healthOf({ disabledAt, failingSince }: Webhook): Health {
  return disabledAt !== null ? 'off' : failingSince !== null ? 'failing' : 'on'
}

export const healths: Record<Health, string> = { on: 'On', failing: 'Failing', off: 'Off' }

/** What is to be known beside `healths`; empty where all is well. */
export function whyNot({ disabledAt, disabledReason, failingSince }: Webhook): string {
  if (disabledAt !== null) {
    const since = `since ${momentOf(disabledAt)}`
    switch (disabledReason) {
      case 'FAILING':
        return `It took nothing for five days, so nothing is sent ${since}. Switch it on when it works again.`
      case 'GONE':
        return `It answered that it is gone for good (410), so nothing is sent ${since}.`
      default:
        return `You switched it off; nothing is sent ${since}.`
    }
  }
  return failingSince === null
    ? ''
    : `It has taken nothing since ${momentOf(failingSince)}. What it misses is sent again for some three days.`
}

const types: Readonly<Record<string, string>> = {
  'ride.finished': 'Ride finished',
  'ride.edited': 'Ride edited',
  'ride.deleted': 'Ride deleted',
  ping: 'Test message',
}

export function typeOf({ type }: Delivery): string {
  return types[type] ?? type
}

export const states: Record<Delivery['state'], string> = {
  WAITING: 'Waiting',
  DELIVERED: 'Delivered',
  FAILED: 'Given up',
}

const failures: Record<NonNullable<Delivery['lastFailure']>, string> = {
  ADDRESS_NOT_ALLOWED: 'its name leads to an address that is not public',
  NAME_NOT_FOUND: 'its name leads nowhere',
  CONNECTION_REFUSED: 'nobody listens there',
  CONNECTION_LOST: 'the connection broke before an answer came',
  TLS: 'its certificate is not good for its name',
  TIMEOUT: 'no answer within ten seconds',
  REDIRECT: 'it points elsewhere, and redirects are not followed: give that address',
  STATUS: 'it did not take it',
  SECRET_UNREADABLE: 'the secret cannot be read any more: make a new one',
}

/** `answered 500 after 0.2 s: it did not take it · tried 3 times, last 22 Nov, 14:02 · again in 5 min` */
export function storyOf(delivery: Delivery, now: Date): string {
  const { attempts, lastAttemptAt, lastStatus, lastFailure, lastDuration, state, nextAttemptAt } = delivery
  const answer = lastStatus === null ? '' : `answered ${lastStatus} ${durationOf(lastDuration)}`
  const why = lastFailure === null ? '' : failures[lastFailure]
  // Of the only attempt the time is that of what it tells.
  const tried =
    lastAttemptAt === null || attempts < 2
      ? ''
      : `tried ${attempts === 2 ? 'twice' : `${attempts} times`}, last ${momentOf(lastAttemptAt)}`
  const next = state === 'WAITING' && nextAttemptAt !== null ? nextIn(nextAttemptAt, now) : ''
  return [[answer, why].filter((part) => part !== '').join(': '), tried, next]
    .filter((part) => part !== '')
    .join(' · ')
}

function durationOf(seconds: number | null): string {
  return seconds === null || seconds < 0.1 ? 'at once' : `after ${seconds.toFixed(1)} s`
}

function nextIn(instant: string, now: Date): string {
  const seconds = (new Date(instant).getTime() - now.getTime()) / 1000
  if (seconds < 5) return 'sent now'
  if (seconds < 90) return `again in ${Math.round(seconds)} s`
  if (seconds < 5_400) return `again in ${Math.round(seconds / 60)} min`
  return `again ${momentOf(instant)}`
}

/** `22 Nov, 14:02` */
export function momentOf(instant: string): string {
  return formatter(thisViewer().timeZone, {
    ...{ day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' },
  }).format(new Date(instant))
}
