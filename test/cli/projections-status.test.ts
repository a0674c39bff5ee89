import { Writable } from 'node:stream'
import { expect, test } from 'vitest'
import { startProgress } from '#cli/projections/progress.ts'
import { measureRate } from '#cli/projections/rate.ts'
import { standings, statusText } from '#cli/projections/status.ts'
import type { ProjectionStatus } from '#projections/administration.ts'

/** Places of its partitions, as position and head. */
function version(places: readonly (readonly [number, number])[], rest: Partial<ProjectionStatus> = {}) {
  const status: ProjectionStatus = {
    projection: 'rides',
    version: 1,
    state: 'serving',
    since: Date.UTC(2026, 4, 31, 8, 0, 12, 345),
    parkedRides: 0,
    partitions: places.map(([position, head], partition) => ({
      ...{ partition, position, head },
      behindSince: null,
    })),
    ...rest,
  }
  return status
}

function workBetween(before: ProjectionStatus, after: ProjectionStatus): string {
  const [, line] = statusText(standings([before], [after], 2_000)).split('\n')
  return line!.split(/ {2,}/).at(-1)!
}

test('what moves is told with its rate and the time left, over all partitions', () => {
  const before = version([
    [1_000, 500_000],
    [0, 1_000_000],
  ])
  const after = version([
    [2_500, 500_000],
    [1_500, 1_001_000],
  ])
  const text = statusText(standings([before], [after], 2_000))
  expect(text.split('\n').map((line) => line.split(/ {2,}/))).toEqual([
    ['projection', 'version', 'state', 'since', 'events', 'behind', 'parked rides', 'work'],
    [
      'rides',
      '1',
      'serving',
      '2026-05-31T08:00:12Z',
      '4,000',
      '1,497,000',
      '0',
      '1,500 events/s, 16 min 38 s left',
    ],
  ])
})

test('what has to move and does not is told from what has nothing to do, or only just got it', () => {
  expect(workBetween(version([[5, 9]]), version([[5, 9]]))).toBe('stands still')
  expect(workBetween(version([[9, 9]]), version([[9, 9]]))).toBe('up to date')
  expect(workBetween(version([[9, 9]]), version([[9, 10]]))).toBe('has just got something to do')
  const retired = version([[5, 9]], { state: 'retired' })
  expect(statusText(standings([retired], [retired], 1_000))).not.toContain('did not move')
})

test('columns line up, whatever they hold', () => {
  const rows = [version([[1_234_567, 1_234_567]], { projection: 'routes', version: 12 }), version([[7, 7]])]
  const lines = statusText(standings(rows, rows, 1_000)).split('\n')
  expect(new Set(lines.map((line) => line.indexOf('up to date')).slice(1)).size).toBe(1)
  expect(lines[1]).toContain('  1,234,567  ')
  expect(lines[2]).toContain('          7  ')
})

test('a version that came or went between the looks is left out', () => {
  const kept = version([[7, 7]])
  const came = version([[0, 7]], { version: 2, state: 'building' })
  expect(standings([kept], [kept, came], 1_000).map((each) => each.version)).toEqual([1])
  expect(standings([kept, came], [kept], 1_000).map((each) => each.version)).toEqual([1])
})

test('the rate is that of the last ten seconds, once there is a second to judge by', () => {
  let now = 0
  const rate = measureRate(() => now)
  const at = (ms: number, position: number) => {
    now = ms
    return rate.at(position)
  }
  expect(at(0, 100)).toBeUndefined()
  expect(at(900, 200)).toBeUndefined()
  expect(at(1_000, 300)).toBe(200)
  expect(at(11_000, 300)).toBe(0)
})

test('where the output is no terminal a rebuild says a line at each tenth, or after half a minute', () => {
  let said = ''
  let now = 0
  const out = new Writable({
    write(chunk, _, done) {
      said += chunk
      done()
    },
  })
  const progress = startProgress(Object.assign(out, { isTTY: false }), () => now)
  const at = (position: number) => progress.update({ position, head: 10_000, eventsPerSecond: 500 })
  at(500)
  at(2_100)
  at(2_900)
  now = 30_000
  at(2_950)
  progress.update({ position: 2_950, head: 10_000, eventsPerSecond: 0 })
  expect(said.trimEnd().split('\n')).toEqual([
    '21 %  2,100 of 10,000 events, 500 events/s, 16 s left',
    '29 %  2,950 of 10,000 events, 500 events/s, 15 s left',
  ])
})
