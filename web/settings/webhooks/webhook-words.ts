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
    hint: 'Its route and statistics are ready.',
  },
  {
    event: 'RIDE_EDITED',
    label: 'A ride is edited',
    hint: 'Its title, description or who sees it has changed.',
  },
  { event: 'RIDE_DELETED', label: 'A ride is deleted', hint: 'It can no longer be asked for.' },
]

/** `A message when a ride is finished or deleted` */
export function toldOf(told: readonly WebhookEvent[]): string {
  const short: Record<WebhookEvent, string> = {
    RIDE_FINISHED: 'finished',
    RIDE_EDITED: 'edited',
    RIDE_DELETED: 'deleted',
  }
  const kinds = events.filter(({ event }) => told.includes(event)).map(({ event }) => short[event])
  return `A message when a ride is ${alternatives.format(kinds)}`
}

const alternatives = new Intl.ListFormat('en-GB', { type: 'disjunction' })

export type Health = 'on' | 'failing' | 'off'

export function healthOf({ disabledAt, failingSince }: Webhook): Health {
  return disabledAt !== null ? 'off' : failingSince !== null ? 'failing' : 'on'
}

export const healths: Record<Health, string> = { on: 'On', failing: 'Failing', off: 'Off' }

/** What is to be known beside `healths`; empty where all is well. */
export function whyNot({ disabledAt, disabledReason, failingSince }: Webhook): string {
  if (disabledAt !== null) {
    const at = momentOf(disabledAt)
    switch (disabledReason) {
      case 'FAILING':
        return `Your program accepted nothing for five days, so this was switched off on ${at}. Switch it on when the program works again.`
      case 'GONE':
        return `Your program answered that this address is gone for good (status 410), so this was switched off on ${at}.`
      default:
        return `You switched it off on ${at}. Nothing is sent.`
    }
  }
  return failingSince === null
    ? ''
    : `Your program has accepted nothing since ${momentOf(failingSince)}. Each message is tried again for about three days.`
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
  ADDRESS_NOT_ALLOWED: 'its name leads to an address that is not on the public internet',
  NAME_NOT_FOUND: 'there is no server of this name',
  CONNECTION_REFUSED: 'no program listens there',
  CONNECTION_LOST: 'the connection broke before an answer came',
  TLS: 'its certificate is not valid for its name',
  TIMEOUT: 'no answer within ten seconds',
  REDIRECT: 'it redirects elsewhere, which is not followed: enter that address instead',
  STATUS: 'not accepted',
  SECRET_UNREADABLE: 'the secret cannot be read any more: make a new one',
}

/** `answered 500 after 0.2 s: not accepted · tried 3 times, last 22 Nov, 14:02 · again in 5 min` */
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
