/**
 * What `npm run ride` says about how it went.
 */

import type { LeftOut, LeftOutReason } from '#recordings/left-out.ts'
import { firstContactMs, type ReplayOutcome } from './replay.ts'

/** Why the server refused the ride, and what to do. */
export function refusal({
  step,
  code,
  message,
}: Extract<ReplayOutcome, { readonly outcome: 'refused' }>): string {
  const what = {
    start: 'the start',
    upload: 'an upload',
    pause: 'a pause',
    resume: 'a resume',
    end: 'the end',
  }
  const hint = code === 'UNAUTHENTICATED' ? ' Give a token by --token or SLIPSTREAM_TOKEN.' : ''
  const known = code === 'REJECTED' ? '' : ` [${code}]`
  return `The server refused ${what[step.kind]} of the ride: ${message}${known}${hint}`
}

/** That nobody answers, or something else, said at once; what becomes of it, and what to do. */
export function waitingFor(
  url: URL,
  { isStarted, isSomethingElse }: { readonly isStarted: boolean; readonly isSomethingElse: boolean },
): string {
  const trouble = isSomethingElse
    ? `What answers at ${url.href} is no Slipstream`
    : `${url.host} does not answer`
  if (!isStarted) return `${trouble}; trying for ${firstContactMs / 1_000} s.`
  return `${trouble} any more. What falls due is kept, and sent when it is back; Ctrl-C stops.`
}

export function nobodyThere(
  url: URL,
  { message, isSomethingElse }: Extract<ReplayOutcome, { readonly outcome: 'unreachable' }>,
): string {
  if (isSomethingElse) {
    return `What answers at ${url.href} is no Slipstream: ${message}. Nothing was sent.
Give the address at which Slipstream runs: --url`
  }
  return `${url.host} did not answer for ${firstContactMs / 1_000} s: ${message}. Nothing was sent.
Is Slipstream running? Start it with: npm start. Where it runs elsewhere: --url`
}

/** All was taken, and what became of it is not told. */
export const unseen =
  'Everything was sent. What became of the ride is not shown: it was deleted, or the token may write rides and not read them (scope rides:read).'

/** What a replay that was stopped leaves behind. */
export function leftBehind(isStarted: boolean, sent: string, page: string): string {
  if (!isStarted) return 'Stopped before the server had confirmed the start of the ride.'
  return `Stopped. ${sent}; the ride stays open.
The mutation endRide ends it now, or at the time given as at; without a word for twelve hours it is ended by itself.
${page}`
}

/** What of the file was not sent, behind how much was; nothing where all was. */
export function leftOutInWords(leftOut: readonly LeftOut[], lostPlaces: number): string {
  const samples = leftOut.map(({ reason, count }) => `${count} ${leftOutWords[reason]}`).join(', ')
  const places = `${lostPlaces} without their place, which is none on Earth`
  return `${samples === '' ? '' : `; left out: ${samples}`}${lostPlaces === 0 ? '' : `; ${places}`}`
}

const leftOutWords: Record<LeftOutReason, string> = {
  NO_TIME: 'without a time',
  CLOCK_NOT_SET: 'from before 1980',
  LAST_PAUSE: 'recorded after the timer had stopped for good',
}

export function kilometres(metres: number | undefined): string {
  return metres === undefined ? 'no distance' : `${(metres / 1_000).toFixed(2)} km (${Math.round(metres)} m)`
}

export function seconds(ms: number): string {
  return (ms / 1_000).toFixed(1)
}
