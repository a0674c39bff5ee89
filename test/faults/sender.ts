/** Sends a command until it is answered, as a careful client does: the same ids again, to whichever API is there. */
import { setTimeout as pause } from 'node:timers/promises'
import type { Random } from '#recordings/simulate/simulate-random.ts'
import type { Ledger } from './ledger.ts'

export interface Command {
  readonly name:
    | 'startRide'
    | 'recordPositions'
    | 'pauseRide'
    | 'resumeRide'
    | 'endRide'
    | 'editRide'
    | 'deleteRide'
  readonly input: Readonly<Record<string, unknown>>
  readonly rideId: string
  readonly eventId: string
  readonly digest?: string
  /** The one answer that is right where it is a refusal. */
  readonly refusedWith?: string
  /** Of a command sent again, an answer that says that it was done before. */
  readonly doneWith?: string
}

export interface Sender {
  /** Resolves when the command has been answered for good; rejects where that is not how it should be, or at the end. */
  send(command: Command): Promise<void>
}

export interface SenderOptions {
  readonly urls: readonly string[]
  readonly ledger: Ledger
  readonly random: Random
  /** Aborts when nothing more can be hoped for. */
  readonly signal: AbortSignal
}

/** A client that gives up by itself, before the server does, knows nothing about what it sent. */
const hastyShare = 0.03
const twiceAtOnceShare = 0.05
const onceMoreShare = 0.05
const patienceMs = 10_000
const retryAfterMs = 50

export function createSender({ urls, ledger, random, signal }: SenderOptions): Sender {
  async function untilAnswered(command: Command): Promise<void> {
    for (;;) {
      signal.throwIfAborted()
      const answer = await ask(command)
      const { refusedWith, doneWith } = command
      if (answer.outcome === 'accepted' && refusedWith === undefined) {
        const { rideId, eventId, digest, name } = command
        ledger.acknowledge({ rideId, eventId, version: answer.version, type: eventTypes[name], digest })
        return
      }
      if (answer.outcome === 'refused' && (answer.code === refusedWith || answer.code === doneWith)) return
      if (answer.outcome !== 'unanswered') {
        const what = answer.outcome === 'accepted' ? 'accepted' : `refused with ${answer.code}`
        const right = refusedWith === undefined ? '' : `, not with ${refusedWith}`
        ledger.find('broken', `${command.name} of ride ${command.rideId} was ${what}${right}`)
        throw new Error('A command was not answered as it should be.')
      }
      ledger.count(`unanswered: ${answer.why}`)
      await pause(retryAfterMs * (0.5 + random()))
    }
  }

  async function ask(command: Command): Promise<Answer> {
    ledger.count('sent')
    const url = urls[Math.floor(random() * urls.length)]!
    const hurry = AbortSignal.timeout(random() < hastyShare ? Math.round(5 + 50 * random()) : patienceMs)
    try {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query: documents[command.name], variables: { input: command.input } }),
        signal: hurry,
      })
      return answerOf(command.name, (await response.json()) as Body)
    } catch {
      return { outcome: 'unanswered', why: hurry.aborted ? 'not in time' : 'connection' }
    }
  }

  return {
    async send(command) {
      if (random() < twiceAtOnceShare) await Promise.all([untilAnswered(command), untilAnswered(command)])
      else await untilAnswered(command)
      if (random() < onceMoreShare) await untilAnswered(command)
    },
  }
}

export type Answer =
  | { readonly outcome: 'accepted'; readonly version: number }
  | { readonly outcome: 'refused'; readonly code: string }
  | { readonly outcome: 'unanswered'; readonly why: string }

export interface Body {
  readonly data?: Readonly<Record<string, { readonly version?: number; readonly code?: string }>> | null
  readonly errors?: readonly { readonly message: string; readonly extensions?: { readonly code?: string } }[]
}

export function answerOf(name: Command['name'], { data, errors }: Body): Answer {
  const result = data?.[name]
  if (result === undefined || result === null) {
    const error = errors?.[0]
    return { outcome: 'unanswered', why: error?.extensions?.code ?? error?.message ?? 'nothing' }
  }
  if (result.version !== undefined) return { outcome: 'accepted', version: result.version }
  const code = result.code ?? 'without a code'
  const isForLater = code === 'OVERLOADED' || code === 'RATE_LIMITED'
  return isForLater ? { outcome: 'unanswered', why: code } : { outcome: 'refused', code }
}

export const eventTypes = {
  startRide: 'RideStarted',
  recordPositions: 'RidePositionsRecorded',
  pauseRide: 'RidePaused',
  resumeRide: 'RideResumed',
  endRide: 'RideEnded',
  editRide: 'RideEdited',
  deleteRide: 'RideDeleted',
} as const satisfies Record<Command['name'], string>

export const documents = {
  startRide: documentOf('startRide', 'StartRideInput'),
  recordPositions: documentOf('recordPositions', 'RecordPositionsInput'),
  pauseRide: documentOf('pauseRide', 'RideCommandInput'),
  resumeRide: documentOf('resumeRide', 'RideCommandInput'),
  endRide: documentOf('endRide', 'RideCommandInput'),
  editRide: documentOf('editRide', 'EditRideInput'),
  deleteRide: documentOf('deleteRide', 'RideCommandInput'),
}

function documentOf(name: Command['name'], input: string): string {
  const payload = `${name[0]?.toUpperCase()}${name.slice(1)}Payload`
  return `mutation ($input: ${input}!) { ${name}(input: $input) { ... on ${payload} { version } ... on Error { code } } }`
}
