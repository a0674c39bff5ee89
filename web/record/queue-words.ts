/** What waits to be sent, and why, for the rider. */
import { positionsWaiting, type Recording } from './recording.ts'
import type { Sending } from './sender.ts'

/** `All sent`, `1 position waits`, `1,320 positions wait` */
export function queueInWords(recording: Recording): string {
  if (recording.stopped !== null) return 'Nothing more is sent'
  const count = positionsWaiting(recording)
  if (count > 0) return `${counted(count)} ${count === 1 ? 'waits' : 'wait'} to be sent`
  return recording.waiting.length === 0 ? 'All sent' : lastWords(recording)
}

/** `132 positions` */
export function counted(count: number): string {
  return `${new Intl.NumberFormat('en-GB').format(count)} position${count === 1 ? '' : 's'}`
}

/** Why it waits, and what is done about it; null where it is only on its way. */
export function delayInWords(sending: Sending): string | null {
  switch (sending) {
    case 'resting':
    case 'sending':
      return null
    case 'no answer':
      return 'The server cannot be reached. Everything is kept on this phone and sent as soon as it can be.'
    case 'held back':
      return 'The server is busy. It is sent in a moment.'
    case 'signed out':
      return 'You are not signed in any more. Everything is kept on this phone and sent when you sign in again.'
    case 'other rider':
      return 'Somebody else is signed in. What you recorded is kept on this phone until you sign in again.'
    case 'old page':
      return 'This page is older than the server. Load it again: everything is kept on this phone.'
    default:
      return sending satisfies never
  }
}

function lastWords({ waiting }: Recording): string {
  switch (waiting.at(-1)?.kind) {
    case 'end':
      return 'The end waits to be sent'
    case 'pause':
      return 'The pause waits to be sent'
    case 'resume':
      return 'The resume waits to be sent'
    default:
      return 'The start waits to be sent'
  }
}
