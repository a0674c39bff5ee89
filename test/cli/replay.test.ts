import { fail } from 'node:assert'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { type Connection, openConnection } from '#cli/ride/connection.ts'
import { awaitFinish } from '#cli/ride/finish.ts'
import { answerOf, operationOf } from '#cli/ride/operations.ts'
import { type Plan, planReplay } from '#cli/ride/plan.ts'
import { backoffMs, type ReplayNews, type ReplayOutcome, replay } from '#cli/ride/replay.ts'
import { nobodyThere } from '#cli/ride/sentences.ts'
import { simulateRide } from '#recordings/simulate/simulate.ts'
import { type FakeService, type Received, startFakeService } from './fake-service.ts'
import { type ImpatientClock, impatientClock } from './impatient-clock.ts'

const startedAt = Date.UTC(2026, 4, 1, 8)
const recording = simulateRide({
  seed: 2,
  start: { latitude: 46, longitude: 14 },
  startedAt,
  duration: 1_800,
})

test('a whole ride arrives: every position once, in order, and pauses and the end where they were', async () => {
  await using service = await startFakeService()
  const plan = planOf()
  const { outcome } = await replayTo(service, plan)
  expect(outcome).toMatchObject({ outcome: 'sent', positionsSent: plan.positions })
  expectWholeRide(service, plan)
  expect(service.received).toEqual(service.recorded)
})

test('connections that break, before or after the recording, cost nothing and repeat nothing', async () => {
  const faults = ['drop before', undefined, 'drop after', undefined, undefined] as const
  await using service = await startFakeService({ fault: (count) => faults[count % faults.length] })
  const plan = planOf()
  const { outcome } = await replayTo(service, plan)
  expect(outcome.outcome).toBe('sent')
  expectWholeRide(service, plan)
  expectRetriesAreTheSame(service.received)
  expect(service.received.length).toBeGreaterThan(service.recorded.length * 1.5)
})

test('a server that asks for patience is given it, and then gets the same again', async () => {
  const faults = { 3: 'overloaded', 4: 'overloaded', 9: 'rate limited' } as const
  await using service = await startFakeService({ fault: (count) => faults[count as keyof typeof faults] })
  const plan = planOf()
  const { clock } = await replayTo(service, plan)
  expectWholeRide(service, plan)
  expectRetriesAreTheSame(service.received)
  expect(clock.waits).toEqual([2_500, 2_500, 2_500])
})

test('a server that fails is asked again', async () => {
  await using service = await startFakeService({ fault: (count) => (count < 3 ? 'fail' : undefined) })
  const plan = planOf()
  await replayTo(service, plan)
  expectWholeRide(service, plan)
})

test('an answer that never comes counts as lost', async () => {
  await using service = await startFakeService({ fault: (count) => (count === 2 ? 'silent' : undefined) })
  const plan = planOf()
  await replayTo(service, plan, { answerTimeoutMs: 100 })
  expectWholeRide(service, plan)
  expectRetriesAreTheSame(service.received)
})

test('a server that was away finds everything that fell due, and the client says that it waits', async () => {
  await using service = await startFakeService()
  const plan = planOf()
  let attempts = 0
  const { outcome, news } = await replayTo(service, plan, {
    tell: async (one) => {
      if (one.kind === 'answered' && service.recorded.length === 20 && attempts === 0) await service.shut()
      if (one.kind === 'waiting' && ++attempts === 4) await service.open()
    },
  })
  expect(outcome.outcome).toBe('sent')
  expectWholeRide(service, plan)
  expect(news.filter(({ kind }) => kind === 'waiting').length).toBeGreaterThanOrEqual(4)
})

test('a server that is not there is given up after ten seconds', async () => {
  await using service = await startFakeService()
  await service.shut()
  const { outcome, clock, news } = await replayTo(service, planOf())
  expect(outcome).toEqual({
    ...{ outcome: 'unreachable', message: expect.stringMatching(/ECONNREFUSED/) },
    ...{ positionsSent: 0, isStarted: false, isSomethingElse: false },
  })
  expect(clock.waits.reduce((sum, ms) => sum + ms)).toBe(10_000)
  expect(news.every((one) => one.kind === 'waiting' && one.isUnreachable && !one.isStarted)).toBe(true)
})

test('what answers and is no Slipstream is given up as well, and known for it', async () => {
  const other = createServer((_request, response) => response.writeHead(404).end())
  onTestFinished(() => void other.close())
  other.listen(0, '127.0.0.1')
  await once(other, 'listening')
  const url = new URL(`http://127.0.0.1:${(other.address() as AddressInfo).port}/`)
  const { outcome } = await replayTo({ url }, planOf())
  if (outcome.outcome !== 'unreachable') fail(outcome.outcome)
  expect(nobodyThere(url, outcome)).toMatch(
    /^What answers at http.* is no Slipstream: it answers 404 .*--url$/s,
  )
})

test('a server that was heard of once is waited for, however long it takes', async () => {
  await using service = await startFakeService({ fault: (count) => (count === 0 ? 'overloaded' : undefined) })
  let attempts = 0
  const { outcome, clock } = await replayTo(service, planOf(), {
    tell: async (one) => {
      if (one.kind !== 'waiting') return
      attempts++
      if (attempts === 1) await service.shut()
      if (attempts === 20) await service.open()
    },
  })
  expect(outcome.outcome).toBe('sent')
  expect(clock.waits.reduce((sum, ms) => sum + ms)).toBeGreaterThan(60_000)
})

test('what the server refuses for good stops the replay with its reason', async () => {
  await using service = await startFakeService({ fault: (count) => (count === 5 ? 'refuse' : undefined) })
  const { outcome } = await replayTo(service, planOf())
  expect(outcome).toMatchObject({ outcome: 'refused', code: 'INVALID_INPUT', message: 'Too early. (at)' })
  expect(service.received.length).toBe(6)
})

test('a wrong token stops the replay, the right one lets it in', async () => {
  await using service = await startFakeService({ token: 'mine' })
  const { outcome } = await replayTo(service, planOf(), { token: 'theirs' })
  expect(outcome).toMatchObject({ outcome: 'refused', message: expect.stringContaining('token') })
  expect((await replayTo(service, planOf(), { token: 'mine' })).outcome.outcome).toBe('sent')
})

test('at a speed each step is sent when it falls due, so many times faster', async () => {
  const plan = planOf()
  const clock = impatientClock(1_000_000)
  const sentAt: number[] = []
  await replay(plan, {
    clock,
    random: Math.random,
    speed: 300,
    signal: new AbortController().signal,
    send: async () => {
      sentAt.push(clock.now())
      return { kind: 'accepted', version: 1, cursor: '' }
    },
    tell: () => {},
  })
  for (const [index, { dueAt }] of plan.steps.entries()) {
    expect(sentAt[index]).toBeCloseTo(1_000_000 + (dueAt - plan.startedAt) / 300, 3)
  }
})

test('a stop lets the step under way be answered, and tells how much was sent', async () => {
  const plan = planOf()
  const stop = new AbortController()
  const sent: string[] = []
  const outcome = await replay(plan, {
    clock: impatientClock(),
    random: Math.random,
    speed: 'max',
    signal: stop.signal,
    send: async (step) => {
      sent.push(step.kind)
      if (sent.length === 3) stop.abort()
      return { kind: 'accepted', version: 1, cursor: '' }
    },
    tell: () => {},
  })
  expect(sent).toEqual(['start', 'upload', 'upload'])
  expect(outcome).toEqual({ outcome: 'stopped', positionsSent: 20, isStarted: true })
})

test('the backoff grows to fifteen seconds, and half of it is chance', () => {
  const least = [0, 1, 2, 3, 4, 5, 50].map((attempt) => backoffMs(attempt, () => 0))
  const most = [0, 1, 2, 3, 4, 5, 50].map((attempt) => backoffMs(attempt, () => 1))
  expect(most).toEqual([500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000])
  expect(least).toEqual(most.map((ms) => ms / 2))
})

test('the finished ride’s distance is what the service says', async () => {
  await using service = await startFakeService()
  const connection = openConnection({ url: service.url, token: undefined })
  const { outcome, ...ride } = await awaitFinish('a ride', 'a cursor', {
    connection,
    clock: impatientClock(),
    random: Math.random,
    signal: new AbortController().signal,
    tell: () => {},
  })
  await connection.close()
  expect({ outcome, ...ride }).toEqual({ outcome: 'known', status: 'FINISHED', distance: 12_345.6 })
})

interface ReplayToOptions {
  readonly token?: string
  readonly answerTimeoutMs?: number
  readonly tell?: (news: ReplayNews) => Promise<void>
}

async function replayTo(service: Pick<FakeService, 'url'>, plan: Plan, options: ReplayToOptions = {}) {
  const { token, tell, answerTimeoutMs = 20_000 } = options
  const connection: Connection = openConnection({ url: service.url, token, answerTimeoutMs })
  const clock: ImpatientClock = impatientClock()
  const news: ReplayNews[] = []
  let told = Promise.resolve()
  const outcome: ReplayOutcome = await replay(plan, {
    clock,
    random: Math.random,
    speed: 'max',
    signal: new AbortController().signal,
    send: async (step) => {
      await told
      return answerOf(await connection.execute(operationOf(plan.rideId, step)))
    },
    tell: (one) => {
      news.push(one)
      if (tell !== undefined) told = tell(one)
    },
  })
  await connection.close()
  return { outcome, clock, news }
}

function planOf(): Plan {
  return planReplay(recording, 'A ride', () => crypto.randomUUID())
}

function expectWholeRide({ recorded }: FakeService, plan: Plan): void {
  const expected = plan.steps.map((step) => {
    const { input } = operationOf(plan.rideId, step).variables
    return input ?? fail('an operation without input')
  })
  expect(
    recorded.map(({ input }) => ({ ...input, positions: input.positions?.map((one) => ({ ...one })) })),
  ).toEqual(expected)
}

function expectRetriesAreTheSame(received: readonly Received[]): void {
  const byId = Map.groupBy(received, ({ input }) => input.uploadId ?? input.commandId ?? input.rideId)
  for (const same of byId.values()) {
    for (const one of same) expect(one).toEqual(same[0])
  }
  expect([...byId.values()].some((same) => same.length > 1)).toBe(true)
}
