import { afterEach, expect, test } from 'vitest'
import { type Availability, openAvailability } from '#database/availability.ts'
import { backoffMs } from '#database/backoff.ts'
import { DatabaseUnavailable } from '#database/faults.ts'
import { eventually } from '../support/eventually.ts'

const open = new Set<Availability>()
afterEach(() => {
  for (const availability of open) availability.close()
  open.clear()
})

/** A database that is there or not as the test says. */
function watched() {
  const world = { isThere: true, now: 0, probes: 0, said: [] as string[], statuses: [] as string[] }
  const availability = openAvailability({
    probe: async () => {
      world.probes++
      return world.isThere
    },
    now: () => world.now,
    random: () => 1,
    onAway: () => world.said.push('away'),
    onBack: () => world.said.push('back'),
    onBroken: (error) => world.said.push(`broken: ${error instanceof Error ? error.message : error}`),
  })
  availability.onChange((status) => world.statuses.push(status))
  open.add(availability)
  return { availability, world }
}

const lost = () => new Error('lost')

test('a database that is gone is said once to be away, and once to be back, whoever else meets it', async () => {
  const { availability, world } = watched()
  world.isThere = false
  availability.failed(lost())
  expect(availability.status).toBe('doubted')
  await eventually('it to be away', () => availability.status === 'away')
  availability.failed(lost())
  availability.look(lost())
  const { probes } = world
  await eventually('more probes', () => world.probes > probes + 2)
  expect(world.said).toEqual(['away'])
  world.isThere = true
  await eventually('it to be back', () => availability.status === 'available')
  expect(world.said).toEqual(['away', 'back'])
  expect(world.statuses).toEqual(['doubted', 'away', 'available'])
})

test('a failure that the database survived is doubt and nothing more, and is said at most once in ten seconds', async () => {
  const { availability, world } = watched()
  for (const at of [0, 5_000, 10_001]) {
    world.now = at
    availability.failed(lost())
    await eventually('the doubt to be over', () => availability.status === 'available')
  }
  expect(world.said).toEqual(['broken: lost', 'broken: lost'])
  expect(world.statuses).not.toContain('away')
})

test('a look at a database that is there changes nothing', async () => {
  const { availability, world } = watched()
  availability.look()
  expect(availability.status).toBe('available')
  await eventually('a probe', () => world.probes === 1)
  await Promise.resolve()
  expect(world.statuses).toEqual([])
  expect(world.said).toEqual([])
})

test('a look finds out that the database is gone before any call has failed', async () => {
  const { availability, world } = watched()
  world.isThere = false
  availability.look()
  await eventually('it to be away', () => availability.status === 'away')
  expect(world.statuses).toEqual(['away'])
})

test('who waits for its return goes on with it', async () => {
  const { availability, world } = watched()
  world.isThere = false
  availability.failed(lost())
  const returned = availability.returned(new AbortController().signal)
  await eventually('it to be away', () => availability.status === 'away')
  world.isThere = true
  await returned
  expect(availability.status).toBe('available')
})

test('who waits for its return and is stopped waits no longer', async () => {
  const { availability, world } = watched()
  world.isThere = false
  availability.failed(lost())
  const stopping = new AbortController()
  const stopped = availability.returned(stopping.signal)
  const closed = availability.returned(new AbortController().signal)
  stopping.abort()
  await expect(stopped).rejects.toBeInstanceOf(DatabaseUnavailable)
  availability.close()
  await expect(closed).rejects.toBeInstanceOf(DatabaseUnavailable)
})

test('attempts become rarer up to one a second, however many there were, and never come all at once', () => {
  const backoff = { firstMs: 50, longestMs: 1_000 }
  const longest = [1, 2, 3, 4, 5, 6, 100_000].map((attempt) => backoffMs(attempt, backoff, () => 0))
  expect(longest).toEqual([50, 100, 200, 400, 800, 1_000, 1_000])
  const jittered = [0, 0.25, 0.5, 0.75].map((random) => backoffMs(6, backoff, () => random))
  expect(new Set(jittered).size).toBe(4)
  expect(Math.min(...jittered)).toBeGreaterThanOrEqual(500)
})
