/**
 * The queue against the product's own rules: whatever is lost, cut or killed, the log has each position once, each in the
 * stretch in which it was taken, and each command once.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { RideEvent } from '#ride/events.ts'
import { decide, evolve, notStarted, type RideCommand, type RideState } from '#ride/ride.ts'
import type { Answer } from '../../../web/graphql/client.ts'
import type { Result } from '../../../web/record/answer.ts'
import type { Entry, TakenPosition } from '../../../web/record/entries.ts'
import { mostPositions } from '../../../web/record/next-step.ts'
import { fold, isSent } from '../../../web/record/recording.ts'
import { beginQueue, openQueue, type QueueStore, type RideQueue } from '../../../web/record/ride-queue.ts'
import { runSender, type SenderMeans, type Sending } from '../../../web/record/sender.ts'

const rideId = 'ride'
const ana = 'ana'
const beginMs = Date.UTC(2026, 5, 1)

/** What becomes of something that is sent. */
type Fate = 'answered' | 'lost on the way' | 'answer lost' | 'held back' | 'killed before' | 'killed after'
const fates: readonly Fate[] = [
  'answered',
  'lost on the way',
  'answer lost',
  'held back',
  'killed before',
  'killed after',
]

type Deed =
  | { readonly kind: 'ride'; readonly positions: number }
  | { readonly kind: 'pause or resume' }
  | { readonly kind: 'reload' }
  | { readonly kind: 'network'; readonly fates: readonly Fate[] }

describe('what is recorded on a phone', () => {
  it('comes to the log once, whole and in order, whatever is lost or killed on the way', async () => {
    const deed = fc.oneof(
      {
        weight: 4,
        arbitrary: fc.record({
          kind: fc.constant('ride' as const),
          positions: fc.oneof(
            { weight: 5, arbitrary: fc.integer({ min: 1, max: 20 }) },
            { weight: 1, arbitrary: fc.integer({ min: 900, max: 2_300 }) },
          ),
        }),
      },
      { weight: 3, arbitrary: fc.record({ kind: fc.constant('pause or resume' as const) }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('reload' as const) }) },
      {
        weight: 6,
        arbitrary: fc.record({
          kind: fc.constant('network' as const),
          fates: fc.array(fc.constantFrom(...fates), { maxLength: 12 }),
        }),
      },
    )
    await fc.assert(
      fc.asyncProperty(fc.array(deed, { maxLength: 25 }), async (deeds) => {
        const server = productRules()
        const phone = await createPhone(server)
        for (const done of deeds) await phone.do(done)
        await phone.end()
        await phone.drain()
        expect(isSent(phone.recording())).toBe(true)
        expect(summaryOf(server.events)).toEqual(phone.summary())
        for (const event of server.events) {
          if (event.type === 'RidePositionsRecorded')
            expect(event.positions.length).toBeLessThanOrEqual(mostPositions)
        }
      }),
      { numRuns: 150 },
    )
  })

  it('waits while another is signed in, and is never sent in his name', async () => {
    const server = productRules()
    const phone = await createPhone(server)
    phone.signIn('bob')
    await phone.do({ kind: 'ride', positions: 3 })
    await phone.do({ kind: 'network', fates: ['answered', 'answered'] })
    expect(server.events).toEqual([])
    expect(phone.said).toContain('other rider')
    phone.signIn(ana)
    await phone.do({ kind: 'network', fates: ['answered', 'answered'] })
    phone.signIn('bob')
    await phone.do({ kind: 'ride', positions: 3 })
    await phone.do({ kind: 'network', fates: ['answered', 'answered', 'answered'] })
    expect(phone.recording().stopped).toBeNull()
    phone.signIn(ana)
    await phone.end()
    await phone.drain()
    expect(summaryOf(server.events)).toEqual(phone.summary())
  })

  it('is kept when the server takes no more, and its rider is told why', async () => {
    const server = productRules()
    const phone = await createPhone(server)
    await phone.do({ kind: 'ride', positions: 3 })
    await phone.drain()
    server.endElsewhere()
    await phone.do({ kind: 'ride', positions: 5 })
    await phone.drain()
    const { stopped, waiting } = phone.recording()
    expect(stopped).toMatchObject({ code: 'RIDE_NOT_ACTIVE', status: 'ENDED' })
    expect(waiting).toMatchObject([{ kind: 'upload', from: 3, count: 5 }])
    expect(phone.positions()).toHaveLength(8)
  })

  it('goes on behind an upload that is refused, which is kept', async () => {
    const server = productRules()
    const phone = await createPhone(server)
    await phone.do({ kind: 'ride', positions: 2 })
    await phone.drain()
    await phone.takeImpossible()
    await phone.drain()
    await phone.do({ kind: 'ride', positions: 2 })
    await phone.end()
    await phone.drain()
    expect(phone.recording().refused).toMatchObject([
      { from: 2, count: 1, refusal: { code: 'INVALID_INPUT' } },
    ])
    expect(server.events.at(-1)?.type).toBe('RideEnded')
    expect(isSent(phone.recording())).toBe(false)
  })

  it('is written by one tab: what another has written meanwhile is not written over', async () => {
    const entries: Entry[] = []
    const store = storeOf(entries)
    const first = await beginQueue(store, ana, started)
    const second = await openQueue(store, { rideId, riderId: ana, startedAt: beginMs, length: 1 })
    await first.append(() => [{ type: 'RidePaused', commandId: 'one', at: beginMs + 1 }])
    await expect(
      second?.append(() => [{ type: 'RidePaused', commandId: 'two', at: beginMs + 2 }]),
    ).rejects.toThrow()
    expect(entries).toHaveLength(2)
  })
})

const started = { type: 'RideStarted', rideId, at: beginMs, title: null, visibility: 'PRIVATE' } as const

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
      this.handle(ana, 'elsewhere', { type: 'endRide', at: null })
    },
  }
}

type Summary = readonly (string | readonly number[])[]

/** Commands by name and time, positions of each stretch by their times. */
function summaryOf(events: readonly RideEvent[]): Summary {
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

function storeOf(entries: Entry[]): QueueStore {
  return {
    entriesOf: async () => [...entries],
    append: async ({ length }, more) => {
      if (length !== entries.length) return false
      // As IndexedDB: a copy.
      entries.push(...structuredClone([...more]))
      return true
    },
  }
}

async function createPhone(server: ReturnType<typeof productRules>) {
  const entries: Entry[] = []
  const store = storeOf(entries)
  const said: Sending[] = []
  const summary: (string | number[])[] = [`RideStarted ${beginMs}`]
  let queue: RideQueue = await beginQueue(store, ana, started)
  let signedIn = ana
  let nowMs = beginMs
  let ids = 0

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
      async send(step, { positions }): Promise<Answer<Result>> {
        asked += 1
        const fate = fatesLeft === null ? 'answered' : fatesLeft.shift()
        if (fate === undefined || fate === 'killed before') return over()
        const noAnswer = { ok: false, failure: { kind: 'again', retryAfterMs: null } } as const
        if (fate === 'lost on the way') return noAnswer
        if (fate === 'held back') {
          return { ok: true, data: { __typename: 'E', code: 'OVERLOADED', message: '', retryAfter: 1 } }
        }
        const data = server.handle(signedIn, step.id, commandOf(step, positions))
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
    drain: () => send(null),
  }
}

function commandOf(
  step: Parameters<SenderMeans['send']>[0],
  positions: readonly TakenPosition[],
): RideCommand {
  switch (step.kind) {
    case 'start':
      return { type: 'startRide', startedAt: beginMs, title: null, visibility: 'PRIVATE' }
    case 'upload':
      return { type: 'recordPositions', positions: positions.slice(step.from, step.from + step.count) }
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
