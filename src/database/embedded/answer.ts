/**
 * What of the backend's reply to a batch goes to the client that sent it. Nearly all of it, as it is; PGlite says
 * ReadyForQuery after an error in the extended protocol and again at the Sync, a refused text comes back as a
 * syntax error, and notifications are for those who listen.
 */
import type { Batch } from './batches.ts'
import { replies } from './engine.ts'
import { refusedMarker } from './inspection.ts'
import { errorResponse } from './protocol.ts'
import type { Subscriptions } from './subscriptions.ts'

export interface Answer {
  /** To be written one after the other: views of the reply wherever it passes unchanged. */
  readonly parts: readonly Buffer[]
  /** The last ReadyForQuery's: 'I' idle, 'T' in a transaction, 'E' in a failed one; undefined if there was none. */
  readonly status: string | undefined
}

/**
 * Tells `subscriptions` what has happened, and `notify` of every notification. `parsedAnew` where the batch was
 * preceded by a Parse that the client did not send.
 */
export function answerFor(
  batch: Batch,
  reply: Buffer,
  parsedAnew: boolean,
  subscriptions: Subscriptions,
  notify: (channel: string, notification: Buffer) => void,
): Answer {
  const parts: Buffer[] = []
  let passedTo = 0
  const replace = (start: number, end: number, by?: Buffer) => {
    if (start > passedTo) parts.push(reply.subarray(passedTo, start))
    if (by) parts.push(by)
    passedTo = end
  }
  let status: string | undefined
  for (const { type, start, end } of replies(reply)) {
    switch (type) {
      case 'Z':
        status = String.fromCharCode(reply[start + 5]!)
        if (batch.end === 'flush' || end < reply.length) replace(start, end)
        break
      case 'A': {
        subscriptions.committed()
        // "Int32 process, String channel, String payload"
        const channel = reply.toString('utf8', start + 9, reply.indexOf(0, start + 9))
        notify(channel, reply.subarray(start, end))
        if (!subscriptions.has(channel)) replace(start, end)
        break
      }
      case 'C':
        subscriptions.completed(reply.toString('latin1', start + 5, end - 1))
        break
      case 'E':
        subscriptions.failed()
        if (batch.refusal && reply.subarray(start, end).includes(refusedMarker)) {
          replace(start, end, errorResponse('ERROR', batch.refusal))
        }
        break
      case '1':
        if (parsedAnew && start === 0) replace(start, end)
    }
  }
  replace(reply.length, reply.length)
  return { parts, status }
}
