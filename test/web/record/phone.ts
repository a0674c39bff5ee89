/** A phone that records a ride, the network that it sends by, and a server that keeps to the product's own rules. */
import { expect } from 'vitest'
import type { RideEvent } from '#ride/events.ts'
import { decide, evolve, notStarted, type RideCommand, type RideState } from '#ride/ride.ts'
import type { Answer } from '../../../web/graphql/client.ts'
import type { Result } from '../../../web/record/answer.ts'
import type { Entry, TakenPosition } from '../../../web/record/entries.ts'
import { fold } from '../../../web/record/recording.ts'
import { beginQueue, openQueue, type QueueStore, type RideQueue } from '../../../web/record/ride-queue.ts'
import { runSender, type SenderMeans, type Sending } from '../../../web/record/sender.ts'

export const rideId = 'ride'
export const ana = 'ana'
export const beginMs = Date.UTC(2026, 5, 1)

/** What becomes of something that is sent. */
export type Fate =
  | 'answered'
  | 'lost on the way'
  | 'answer lost'
  | 'held back'
  | 'killed before'
  | 'killed after'
export const fates: readonly Fate[] = [
  'answered',
  'lost on the way',
  'answer lost',
  'held back',
  'killed before',
  'killed after',
]

export type Deed =
  | { readonly kind: 'ride'; readonly positions: number }
  | { readonly kind: 'pause or resume' }
  | { readonly kind: 'reload' }
  | { readonly kind: 'network'; readonly fates: readonly Fate[] }

/** A ride has begun on a phone, and nothing of it is sent. */
export async function setOut(room?: number) {
  const server = productRules()
  return { server, phone: await createPhone(server, room) }
}

export const started = {
  type: 'RideStarted',
  rideId,
  at: beginMs,
  title: null,
  visibility: 'PRIVATE',
} as const

/** The domain's own decisions, behind the log's rule of retries: the same id and content is answered as it was. */
function productRules() {
  const events: RideEvent[] = []
  const known = new Map<string, string>()
  let state: RideState = notStarted

  return {
    events,
    handle(riderId: string, id: string, command: RideCommand): Result {
      const content = JSON.stringify([riderId, command])
      const before = known.get(id)
      if (before !== undefined) {
        return before === content
          ? { __typename: 'Payload' }
          : { __typename: 'E', code: 'ID_TAKEN', message: 'taken' }
      }
      const decision = decide(command, state, { actor: { riderId }, now: beginMs + 1_000_000_000 })
      if (!decision.accepted) {
        const { refusal } = decision
        return { __typename: 'E', message: 'refused', ...refusal }
      }
      known.set(id, content)
      events.push(decision.event)
      state = evolve(state, decision.event)
      return { __typename: 'Payload' }
    },
    endElsewhere() {
      this.handle(ana, 'ended elsewhere', { type: 'endRide', at: null })
    },
    resumeElsewhere(at: number) {
      this.handle(ana, 'resumed elsewhere', { type: 'resumeRide', at })
    },
    pauseElsewhere(at: number) {
      this.handle(ana, 'paused elsewhere', { type: 'pauseRide', at })
    },
  }
}

type Summary = readonly (string | readonly number[])[]

/** Commands by name and time, positions of each stretch by their times. */
export function summaryOf(events: readonly RideEvent[]): Summary {
  const summary: (string | number[])[] = []
  for (const event of events) {
    if (event.type === 'RidePositionsRecorded') {
      const last = summary.at(-1)
      const times = event.positions.map(({ at }) => at)
      if (Array.isArray(last)) last.push(...times)
      else summary.push(times)
    } else summary.push(`${event.type} ${event.at}`)
  }
  return summary
}

/** @param room how many entries it can keep. */
export function storeOf(entries: Entry[], room = Number.POSITIVE_INFINITY): QueueStore {
  let gone = 0
  return {
    entriesOf: async () => ({ entries: [...entries], length: entries.length + gone }),
    append: async ({ length }, more) => {
      if (length !== entries.length + gone) return false
      if (entries.length + more.length > room) throw new DOMException('No room', 'QuotaExceededError')
      // As IndexedDB: a copy.
      entries.push(...structuredClone([...more]))
      return true
    },
    replace: async ({ length }, entry) => {
      if (length !== entries.length + gone) return false
      gone = length - 1
      entries.splice(0, entries.length, structuredClone(entry))
      return true
    },
  }
}

async function createPhone(server: ReturnType<typeof productRules>, room?: number) {
  const entries: Entry[] = []
  const store = storeOf(entries, room)
  const said: Sending[] = []
  const summary: (string | number[])[] = [`RideStarted ${beginMs}`]
  let queue: RideQueue = await beginQueue(store, ana, started)
  let signedIn = ana
  let nowMs = beginMs
  let ids = 0
  let askedInAll = 0

  /** Sends until the fates are used up, nothing is left, or it is killed. */
  async function send(fatesLeft: Fate[] | null): Promise<void> {
    const killed = new AbortController()
    let asked = 0
    let end: () => void = () => undefined
    const idle = new Promise<void>((resolve) => {
      end = resolve
    })
    const over = (): Promise<never> => {
      killed.abort()
      end()
      return new Promise(() => {})
    }
    const means: SenderMeans = {
      riderId: ana,
      queues: () => [queue],
      whoIs: async () => signedIn,
      newId: () => `upload ${ids++}`,
      now: () => nowMs,
      random: () => 0.5,
      say: (sending) => said.push(sending),
      changed: over,
      async pause(milliseconds) {
        nowMs += milliseconds
        if (signedIn !== ana) return over()
      },
      async send(step, { taken }): Promise<Answer<Result>> {
        asked += 1
        askedInAll += 1
        const fate = fatesLeft === null ? 'answered' : fatesLeft.shift()
        if (fate === undefined || fate === 'killed before') return over()
        const noAnswer = { ok: false, failure: { kind: 'again', retryAfterMs: null } } as const
        if (fate === 'lost on the way') return noAnswer
        if (fate === 'held back') {
          return { ok: true, data: { __typename: 'E', code: 'OVERLOADED', message: '', retryAfter: 1 } }
        }
        const data = server.handle(signedIn, step.id, commandOf(step, taken))
        if (fate === 'killed after') return over()
        return fate === 'answer lost' ? noAnswer : { ok: true, data }
      },
    }
    await Promise.race([runSender(means, killed.signal), idle])
    killed.abort()
    if (asked > 10_000) throw new Error('It is sent without end')
  }

  return {
    said,
    asked: () => askedInAll,
    recording: () => queue.recording,
    positions: () => queue.positions,
    summary: () => summary,
    signIn: (rider: string) => {
      signedIn = rider
    },
    async do(deed: Deed): Promise<void> {
      const { status } = queue.recording
      if (deed.kind === 'ride' && status === 'ACTIVE') {
        const times: number[] = []
        await queue.append(() =>
          Array.from({ length: deed.positions }, (_, index): Entry => {
            nowMs += 1_000
            times.push(nowMs)
            return {
              type: 'PositionTaken',
              position: { at: nowMs, latitude: 46 + index / 1e5, longitude: 7 },
            }
          }),
        )
        const last = summary.at(-1)
        if (Array.isArray(last)) last.push(...times)
        else summary.push(times)
      } else if (deed.kind === 'pause or resume') {
        nowMs += 1_000
        const type = status === 'ACTIVE' ? 'RidePaused' : 'RideResumed'
        await queue.append(() => [{ type, commandId: `command ${ids++}`, at: nowMs }])
        summary.push(`${type} ${nowMs}`)
      } else if (deed.kind === 'network') {
        await send([...deed.fates])
        await this.reload()
      } else if (deed.kind === 'reload') await this.reload()
    },
    async reload() {
      const before = queue.recording
      const opened = await openQueue(store, { rideId, riderId: ana, startedAt: beginMs, length: 0 })
      if (opened === undefined) throw new Error('The ride is gone')
      queue = opened
      expect(queue.recording).toEqual(before)
      expect(entries.length).toBeLessThanOrEqual(room ?? entries.length)
      expect(fold(entries)).toEqual(before)
    },
    async takeImpossible() {
      const position: TakenPosition = { at: beginMs - 1, latitude: 46, longitude: 7 }
      await queue.append(() => [{ type: 'PositionTaken', position }])
    },
    async end() {
      nowMs = Math.max(nowMs + 1_000, queue.recording.lastAt)
      await queue.append(() => [{ type: 'RideEnded', commandId: `command ${ids++}`, at: nowMs }])
      summary.push(`RideEnded ${nowMs}`)
    },
    wait(milliseconds: number) {
      nowMs += milliseconds
    },
    drain: () => send(null),
  }
}

function commandOf(step: Parameters<SenderMeans['send']>[0], taken: RideQueue['taken']): RideCommand {
  switch (step.kind) {
    case 'start':
      return { type: 'startRide', startedAt: beginMs, title: null, visibility: 'PRIVATE' }
    case 'upload':
      return { type: 'recordPositions', positions: taken(step.from, step.count) }
    case 'pause':
      return { type: 'pauseRide', at: step.at }
    case 'resume':
      return { type: 'resumeRide', at: step.at }
    case 'end':
      return { type: 'endRide', at: step.at }
    default:
      return step satisfies never
  }
}
