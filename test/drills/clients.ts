/** Clients as docs/integrators.md has them: over HTTP or a WebSocket, and asking again, with the same ids, later each time. */
import { setTimeout as pause } from 'node:timers/promises'
import { type Client, createClient } from 'graphql-ws'
import { WebSocket } from 'ws'
import type { Random } from '#recordings/simulate/simulate-random.ts'
import type { Ledger } from '../faults/ledger.ts'
import {
  type Answer,
  answerOf,
  type Body,
  type Command,
  documents,
  eventTypes,
  type Sender,
} from '../faults/sender.ts'

export type Road = 'HTTP' | 'WebSocket'

/** How the commands of all clients went. */
export interface Waits {
  /** How many were answered. */
  readonly answered: Record<Road, number>
  /** Of these, how many had to be sent again, and why, as often as it was so. */
  readonly retried: Record<Road, number>
  readonly why: Map<string, number>
  longestMs: number
  longestWithoutRetryMs: number
}

export interface ClientOptions {
  readonly url: string
  readonly ledger: Ledger
  readonly waits: Waits
  readonly random: Random
  /** Aborts when nothing more can be hoped for. */
  readonly signal: AbortSignal
}

interface Sending extends Sender {
  close(): Promise<void>
}

const mostAttempts = 8
const patienceMs = 30_000

export const openWaits = (): Waits => ({
  answered: { HTTP: 0, WebSocket: 0 },
  retried: { HTTP: 0, WebSocket: 0 },
  why: new Map(),
  longestMs: 0,
  longestWithoutRetryMs: 0,
})

/** As long as a client of the guide waits before it asks again. */
const backoffMs = (attempt: number, random: Random) =>
  Math.min(30, 2 ** attempt / 4) * (1 + random() / 2) * 1_000

export function connectSender(road: Road, options: ClientOptions): Sending {
  const { ledger, waits, random, signal } = options
  const { ask, close } = road === 'HTTP' ? overHttp(options.url) : overSocket(options)

  async function send(command: Command): Promise<void> {
    const { name, rideId, eventId, digest, refusedWith, doneWith } = command
    const began = performance.now()
    let again = 0
    for (let attempt = 1; ; attempt++) {
      signal.throwIfAborted()
      const { answer, resent } = await ask(command)
      again += resent
      if (answer.outcome !== 'unanswered') {
        const isRefusal = answer.outcome === 'refused' && [refusedWith, doneWith].includes(answer.code)
        if (answer.outcome === 'accepted' && refusedWith === undefined) {
          ledger.acknowledge({ rideId, eventId, version: answer.version, type: eventTypes[name], digest })
        } else if (!isRefusal) {
          const what = answer.outcome === 'accepted' ? 'accepted' : `refused with ${answer.code}`
          ledger.find('broken', `${name} of ride ${rideId} was ${what}`)
          throw new Error('A command was not answered as it should be.')
        }
        return answered(performance.now() - began, again > 0)
      }
      waits.why.set(answer.why, (waits.why.get(answer.why) ?? 0) + 1)
      again++
      if (attempt === mostAttempts) {
        ledger.find('broken', `${name} of ride ${rideId} failed: ${answer.why}`)
        throw new Error('A command was not answered.')
      }
      await pause(backoffMs(attempt, random))
    }
  }

  function answered(ms: number, isRetried: boolean): void {
    waits.answered[road]++
    if (isRetried) waits.retried[road]++
    else waits.longestWithoutRetryMs = Math.max(waits.longestWithoutRetryMs, ms)
    waits.longestMs = Math.max(waits.longestMs, ms)
  }

  return { send, close }
}

interface Asking {
  /** `resent`: how often the client's library has sent it again by itself. */
  ask(command: Command): Promise<{ readonly answer: Answer; readonly resent: number }>
  close(): Promise<void>
}

function overHttp(url: string): Asking {
  return {
    async ask(command) {
      let status = 'no answer'
      try {
        const response = await fetch(`${url}/graphql`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(askedBy(command)),
          signal: AbortSignal.timeout(patienceMs),
        })
        status = `HTTP ${response.status}`
        return { answer: answerOf(command.name, (await response.json()) as Body), resent: 0 }
      } catch {
        return { answer: { outcome: 'unanswered', why: status }, resent: 0 }
      }
    },
    close: async () => undefined,
  }
}

function overSocket({ url, waits }: ClientOptions): Asking {
  let cuts = 0
  const client = connectSocket(url, (why) => {
    cuts++
    waits.why.set(why, (waits.why.get(why) ?? 0) + 1)
  })
  return {
    async ask(command) {
      const before = cuts
      try {
        const results = client.iterate(askedBy(command))
        const { value } = await results.next()
        await results.return?.()
        return { answer: answerOf(command.name, value as Body), resent: cuts - before }
      } catch {
        return { answer: { outcome: 'unanswered', why: 'the WebSocket was refused' }, resent: cuts - before }
      }
    },
    close: async () => client.dispose(),
  }
}

/** It connects again by itself, and sends again what it was not answered. */
export function connectSocket(url: string, onCut: (why: string) => void): Client {
  return createClient({
    url: `${url.replace(/^http/, 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    // Kept between two commands.
    lazyCloseTimeout: 30_000,
    retryAttempts: Number.POSITIVE_INFINITY,
    shouldRetry: () => true,
    on: {
      closed: (event) => {
        const code = (event as { code?: number }).code
        if (code !== 1000) onCut(`closed with ${code}`)
      },
    },
  })
}

const askedBy = ({ name, input }: Command) => ({ query: documents[name], variables: { input } })
