import { setImmediate as turn } from 'node:timers/promises'
import { expect, onTestFinished, test, vi } from 'vitest'
import { excludedPositionsIn } from '#projections/excluded-positions.ts'
import { measureRide } from '#projections/measure.ts'
import { type Measurer, type MeasurerOptions, openMeasurer } from '#projections/measurer.ts'
import { commandOf } from '#recordings/command-of.ts'
import { planOf } from '#recordings/plan.ts'
import { simulateRide } from '#recordings/simulate/simulate.ts'
import { encodeRideEvent } from '#ride/encoding.ts'
import { decide, evolve, notStarted } from '#ride/ride.ts'
import { riderId, start } from './open-rides.ts'

/** As `readWholeStream` gives the events of a ride that has ended. */
function eventsOf(seed: number, hours: number): string {
  const duration = hours * 3_600
  const recording = simulateRide({ seed, start: { latitude: 47, longitude: 8 }, startedAt: start, duration })
  const written: string[] = []
  let state = notStarted as Parameters<typeof evolve>[0]
  for (const step of planOf(recording, 60_000).steps) {
    const command = commandOf(step, null)
    const decision = decide(command, state, { actor: { riderId }, now: start + 100 * 3_600_000 })
    if (!decision.accepted) throw new Error(`${command.type} was refused: ${decision.refusal.code}`)
    state = evolve(state, decision.event)
    written.push(`["${decision.event.type}",1,${encodeRideEvent(decision.event)}]`)
  }
  return `[${written.join()}]`
}

function opened(options?: MeasurerOptions): Measurer {
  const measurer = openMeasurer(options)
  onTestFinished(measurer.close)
  return measurer
}

test('a ride is measured in a thread as it is here', async () => {
  const { measure } = opened()
  const events = eventsOf(1, 0.5)
  const here = measureRide(events)
  expect(here?.own.statistics.distance).toBeGreaterThan(5_000)
  const there = await measure(events)
  const lines = there?.own.lines
  expect({ ...there, own: { ...there?.own, lines: lines && Buffer.from(lines) } }).toEqual(here)
})

test('rides measured side by side come out as one after the other', async () => {
  const { measure } = opened({ mostThreads: 2, idleMs: 0 })
  const rides = [1, 2, 3, 4, 5].map((seed) => eventsOf(seed, 0.1))
  const measured = await Promise.all(rides.map(measure))
  expect(measured.map((ride) => ride?.own.statistics)).toEqual(
    rides.map((ride) => measureRide(ride)?.own.statistics),
  )
  // Also after the second thread has gone.
  expect((await measure(rides[0]!))?.own.track).toBe(measured[0]?.own.track)
})

test('this thread goes on while a ride of ten hours is measured', async () => {
  const { measure } = opened()
  const events = eventsOf(2, 10)
  let isMeasured = false
  const measuring = measure(events).finally(() => {
    isMeasured = true
  })
  let turns = 0
  for (; !isMeasured; turns++) await turn()
  expect((await measuring)?.own.points).toBeGreaterThan(30_000)
  expect(turns).toBeGreaterThan(100)
})

test('a ride that has just ended does not wait behind those of a rebuild', async () => {
  const { measure } = opened({ mostThreads: 1 })
  const events = eventsOf(1, 0.05)
  const done: string[] = []
  const rebuilt = Array.from({ length: 6 }, () => measure(events, 2).then(() => done.push('rebuilt')))
  const live = measure(events, 1).then(() => done.push('live'))
  await Promise.all([...rebuilt, live])
  // Behind the one that was under way.
  expect(done.indexOf('live')).toBe(1)
})

test('a ride that cannot be measured says why, and the next one is measured', async () => {
  const { measure } = opened({ mostThreads: 1 })
  const failing = measure('[["RideForgotten",1,{}]]')
  const next = measure(eventsOf(1, 0.05))
  await expect(failing).rejects.toThrow('The log holds an event of the unknown type RideForgotten.')
  expect((await next)?.own.points).toBeGreaterThan(100)
})

test('a ride of which something was redacted is not measured', async () => {
  expect(await opened().measure('[["RideStarted",1,null],["RideEnded",1,{"at":1}]]')).toBeUndefined()
})

test('what is left out is found in a thread as it is here, and no more wait for it than would hold up a ride', async () => {
  const { excluded, measure } = opened({ mostThreads: 1 })
  const events = eventsOf(3, 1)
  const asked = Array.from({ length: 20 }, () => excluded(async () => events))
  const ended = measure(events)
  const answers = await Promise.all(asked)
  const told = answers.filter((answer) => answer !== 'too many')
  expect(told).toHaveLength(8)
  for (const answer of told) expect(answer).toEqual(excludedPositionsIn(events))
  expect((await ended)?.own.points).toBeGreaterThan(1_000)
  expect(await excluded(async () => '[["RideStarted",1,null]]')).toBeUndefined()
})

test('where too many ask for what is left out, no more rides are read for it; one that cannot be read makes room', async () => {
  const { excluded } = opened({ mostThreads: 1 })
  const events = eventsOf(3, 0.1)
  const reading = Array.from({ length: 20 }, () => Promise.withResolvers<string>())
  const read = vi.fn<(one: number) => Promise<string>>((one) => reading[one]!.promise)
  const asked = reading.map((_, one) => excluded(() => read(one)))
  // Nothing waits in the thread's queue yet: these are still being read.
  expect(await Promise.all(asked.slice(8))).toEqual(Array(12).fill('too many'))
  expect(read).toHaveBeenCalledTimes(8)
  const unread = expect(asked[0]).rejects.toThrow('The database is away')
  reading[0]?.reject(new Error('The database is away'))
  await unread
  expect(await excluded(async () => events)).toEqual(excludedPositionsIn(events))
  for (const { resolve } of reading) resolve(events)
  await Promise.all(asked.slice(1))
})

test('what is under way when it is closed fails, and nothing more is taken', async () => {
  const measurer = openMeasurer({ mostThreads: 1 })
  const under = [1, 2].map((seed) => measurer.measure(eventsOf(seed, 1)))
  const settled = Promise.allSettled(under)
  await measurer.close()
  expect((await settled).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  await expect(measurer.measure('[]')).rejects.toThrow('no longer measured')
})
