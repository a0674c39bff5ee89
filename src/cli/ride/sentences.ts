/**
 * What `npm run ride` says about how it went.
 */

import type { ReplayOutcome } from './replay.ts'

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

/** What a replay that was stopped leaves behind. */
export function leftBehind(isStarted: boolean, sent: string, page: string): string {
  if (!isStarted) return 'Stopped before the server had confirmed the start of the ride.'
  return `Stopped. ${sent}; the ride stays open.
The mutation endRide ends it; without a word for twelve hours it is ended by itself.
${page}`
}

export function kilometres(metres: number | undefined): string {
  return metres === undefined ? 'no distance' : `${(metres / 1_000).toFixed(2)} km (${Math.round(metres)} m)`
}

export function seconds(ms: number): string {
  return (ms / 1_000).toFixed(1)
}
