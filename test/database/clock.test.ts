/** By which clock a process goes. */
import { expect, test } from 'vitest'
import { databaseTime, openClock } from '#database/clock.ts'
import { openDatabase } from '#database/database.ts'
import { freshDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'

const hour = 3_600_000

/** A machine whose clock can be set, and a database whose clock is right until it is set. */
function worldAt({ machineAheadMs = 0 } = {}) {
  const world = {
    time: 1_000 * hour,
    machineAheadMs,
    databaseAheadMs: 0,
    passed: 0,
    asked: 0,
    /** How long the question waits for a connection, and how long the answer is on its way. */
    waitsMs: 0,
    returnsMs: 0,
    off: [] as number[],
  }
  function pass(ms: number): void {
    world.time += ms
    world.passed += ms
  }
  return {
    world,
    pass,
    clock: () =>
      openClock({
        ask: async () => {
          pass(world.waitsMs)
          const answer = world.time + world.databaseAheadMs
          pass(world.returnsMs)
          world.asked++
          return answer
        },
        machine: () => world.time + world.machineAheadMs,
        monotonic: () => world.passed,
        onOff: (aheadMs) => world.off.push(aheadMs),
      }),
  }
}

test('a process whose machine is hours ahead or behind goes by the database’s clock, and says so once', async () => {
  for (const machineAheadMs of [13 * hour, -13 * hour]) {
    const { world, pass, clock } = worldAt({ machineAheadMs })
    using opened = await clock()
    expect(opened.now()).toBe(world.time)
    pass(9_000)
    expect(opened.now()).toBe(world.time)
    expect(world.off).toEqual([machineAheadMs])
  }
})

test('what cannot be undone goes by the earlier of the two clocks, whichever of them is ahead', async () => {
  const ahead = worldAt({ machineAheadMs: 13 * hour })
  using opened = await ahead.clock()
  expect(opened.earliest()).toBe(ahead.world.time)
  const { world, clock } = worldAt()
  world.databaseAheadMs = 13 * hour
  using other = await clock()
  expect(other.now()).toBe(world.time + 13 * hour)
  expect(other.earliest()).toBe(world.time)
})

test('a machine’s clock that is set while it runs moves nothing; it is asked again at once', async () => {
  const { world, clock } = worldAt()
  using opened = await clock()
  expect(world.asked).toBe(1)
  world.machineAheadMs = 13 * hour
  expect(opened.now()).toBe(world.time)
  await eventually('it to be said', () => world.off.length > 0)
  expect(world.asked).toBe(2)
  expect(opened.now()).toBe(world.time)
  expect(world.off).toEqual([13 * hour])
})

test('a machine that has slept knows the time as soon as the database has answered', async () => {
  const { world, clock } = worldAt()
  using opened = await clock()
  // Asleep: the clock that only goes on stood still.
  world.time += 8 * hour
  await eventually('the time of the database', () => opened.now() === world.time)
  expect(world.off).toEqual([])
})

test.each([
  ['waits for a connection', { waitsMs: 5_000, returnsMs: 0 }],
  ['has an answer that is long on its way', { waitsMs: 0, returnsMs: 5_000 }],
])('a question that %s moves no clock, unless the database’s was set', async (_, slow) => {
  const { world, clock, pass } = worldAt()
  using opened = await clock()
  Object.assign(world, slow)
  const setsMachine = async () => {
    const { asked } = world
    world.machineAheadMs += 3_000
    opened.now()
    await eventually('it to be asked', () => world.asked > asked)
    await new Promise(setImmediate)
  }
  await setsMachine()
  expect(opened.now()).toBe(world.time)
  pass(hour)
  await setsMachine()
  expect(opened.now()).toBe(world.time)
  for (const ahead of [hour, -hour]) {
    world.databaseAheadMs = ahead
    await setsMachine()
    expect(Math.abs(opened.now() - world.time - ahead)).toBeLessThanOrEqual(5_000)
  }
  // A quick one says it exactly.
  Object.assign(world, { waitsMs: 0, returnsMs: 0 })
  await setsMachine()
  expect(opened.now()).toBe(world.time - hour)
})

test('without an answer it goes on counting', async () => {
  let isAway = false
  let passed = 0
  using clock = await openClock({
    ask: async () => (isAway ? Promise.reject(new Error('away')) : hour),
    machine: () => hour + passed,
    monotonic: () => passed,
    onOff: () => undefined,
  })
  isAway = true
  passed = 60_000
  expect(clock.now()).toBe(hour + 60_000)
})

test('the database says what time it is', async () => {
  await using fresh = await freshDatabase()
  const database = openDatabase<unknown>({ url: fresh.url, onConnectionLost: () => undefined })
  const before = Date.now()
  const time = await databaseTime(database.write)
  await database.close()
  // It may be on another machine; the one of the tests is not.
  expect(time).toBeGreaterThanOrEqual(before - 1)
  expect(time).toBeLessThanOrEqual(Date.now() + 1)
})
