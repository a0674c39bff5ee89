import { describe, expect, test } from 'vitest'
import type { Totals } from '#recordings/totals/totals.ts'
import { type Held, holds, judge, type Shown } from './judge.ts'

const shown: Shown = {
  distance: 20_000,
  timer: 3_600,
  elapsed: 4_000,
  moving: 3_590,
  gain: 100,
  positions: 3_600,
  drawn: 3_600,
  leftOut: [],
  excluded: [],
}
const totals: Totals = {
  distance: { value: 20_000, by: 'session' },
  timer: { value: 3_600, by: 'session' },
  elapsed: { value: 4_000, by: 'session' },
  ascent: { value: 100, by: 'session' },
  wheel: undefined,
  isBarometric: false,
}
const held: Held = {
  ...{ notRead: 0, samples: 3_600, fixes: 3_600, blindApart: 0 },
  ...{ stretches: 3, standing: 0, rise: { whole: 100, ridden: 80 } },
}

interface Case {
  readonly shown?: Partial<Shown>
  readonly totals?: Partial<Totals>
  readonly held?: Partial<Held>
}

function lineOf(measure: string, given: Case) {
  const lines = judge(
    { ...shown, ...given.shown },
    { ...totals, ...given.totals },
    { ...held, ...given.held },
  )
  return lines.find((line) => line.measure === measure)
}

test('a ride that is as its device says is within tolerance', () => {
  const lines = judge(shown, totals, held)
  expect(holds(lines)).toBe(true)
  const judged = lines.filter(({ verdict }) => verdict === 'holds').map(({ measure }) => measure)
  expect(judged).toEqual(['positions', 'distance', 'timer', 'elapsed', 'moving', 'gain'])
})

test('one measure beyond its tolerance is enough to fail', () => {
  expect(holds(judge({ ...shown, elapsed: 4_001 }, totals, held))).toBe(false)
})

describe('the distance', () => {
  test.each([
    [19_901, undefined, 'holds'],
    [20_099, undefined, 'holds'],
    [19_899, undefined, 'fails'],
    [20_101, undefined, 'fails'],
    [20_199, 'a speed sensor is among its devices', 'holds'],
    [20_201, 'a speed sensor is among its devices', 'fails'],
  ] as const)('of %i m for 20,000 m, measured by a wheel: %s, %s', (distance, wheel, verdict) => {
    expect(lineOf('distance', { shown: { distance }, totals: { wheel } })).toMatchObject({ verdict })
  })

  test('differs by a share of the device’s, with the tolerance and its reason beside it', () => {
    const line = lineOf('distance', {
      shown: { distance: 19_900 },
      totals: { wheel: 'it measures speed without a fix' },
    })
    expect(line?.difference).toBeCloseTo(-0.5)
    expect(line?.note).toBe('±1 %: it measures speed without a fix')
  })

  test('of points alone is named so', () => {
    const line = lineOf('distance', { totals: { distance: { value: 20_000, by: 'points' } } })
    expect(line?.note).toMatch(/by its points/)
  })
})

test.each([
  [3_999.5, 'holds'],
  [4_000.5, 'holds'],
  [3_999.4, 'fails'],
  [4_001, 'fails'],
])('elapsed time is exact to the second: %d s for 4,000 s, %s', (elapsed, verdict) => {
  expect(lineOf('elapsed', { shown: { elapsed } })).toMatchObject({ verdict })
})

test.each([
  [3_565, 'holds'],
  [3_563, 'fails'],
])('timer and moving time are within 1 %% of the timer: %d s for 3,600 s, %s', (seconds, verdict) => {
  expect(lineOf('timer', { shown: { timer: seconds } })).toMatchObject({ verdict })
  expect(lineOf('moving', { shown: { moving: seconds } })).toMatchObject({ verdict })
})

test.each([
  ['never paused', { stretches: 1 }, 'not judged'],
  ['paused only when it was told to', { stretches: 3, standing: 300 }, 'not judged'],
  ['paused by itself', { stretches: 3, standing: 30 }, 'fails'],
] as const)(
  'moving time is judged by a timer that stops when the rider does: one that %s',
  (_, heldHere, verdict) => {
    const given = { shown: { moving: 3_000 }, held: heldHere }
    expect(lineOf('moving', given)).toMatchObject({ device: 3_600, verdict })
  },
)

describe('the gain', () => {
  test.each([
    [104, 'holds'],
    [96, 'holds'],
    [106, 'fails'],
    // Of the one reading of the file or of the other.
    [90, 'fails'],
    [84, 'not judged'],
    [74, 'fails'],
    // As of a product that would count half of what is climbed.
    [50, 'fails'],
    [null, 'fails'],
  ] as const)('of %s m for altitudes that climb 100 m: %s, whatever the device sums', (gain, verdict) => {
    for (const ascent of [50, 104, 200]) {
      const given = { shown: { gain }, totals: { ascent: { value: ascent, by: 'session' as const } } }
      expect(lineOf('gain', given)).toMatchObject({ device: 100, verdict })
      expect(lineOf('gain by device', given)).toMatchObject({ device: ascent, verdict: 'not judged' })
    }
  })

  test('holds by what was ridden where that agrees and the whole does not', () => {
    expect(lineOf('gain, ridden', { shown: { gain: 84 } })).toMatchObject({ device: 80, verdict: 'holds' })
    expect(lineOf('gain, ridden', { shown: { gain: 104 } })).toMatchObject({ verdict: 'not judged' })
  })

  test('is judged where a barometer is named or the device sums its ascent, and only there', () => {
    const given = { shown: { gain: 300 }, totals: { ascent: undefined } }
    expect(lineOf('gain', given)).toMatchObject({ verdict: 'not judged' })
    const barometric = { ...given, totals: { ascent: undefined, isBarometric: true } }
    expect(lineOf('gain', barometric)).toMatchObject({ verdict: 'fails' })
  })

  test('is not judged where there are no altitudes to judge it by', () => {
    const rise = { whole: undefined, ridden: undefined }
    expect(lineOf('gain', { held: { rise } })).toMatchObject({ verdict: 'not judged' })
  })

  test('of some metres on the flat holds, of more there it fails', () => {
    const rise = { whole: 0, ridden: 0 }
    expect(lineOf('gain', { shown: { gain: 4 }, held: { rise } })).toMatchObject({ verdict: 'holds' })
    expect(lineOf('gain', { shown: { gain: 6 }, held: { rise } })).toMatchObject({ verdict: 'fails' })
  })
})

test('of what the file has no total of only the positions are judged', () => {
  const lines = judge(shown, undefined, { ...held, rise: { whole: undefined, ridden: undefined } })
  expect(lines.flatMap(({ measure, verdict }) => (verdict === 'not judged' ? [] : [measure]))).toEqual([
    'positions',
  ])
})

describe('the positions', () => {
  const excluded = [
    { reason: 'DUPLICATE_TIME', count: 3 },
    { reason: 'OUTSIDE_ACTIVE_TIME', count: 1 },
  ]
  const leftOut = [
    { reason: 'NO_TIME', count: 2 },
    { reason: 'LAST_PAUSE', count: 4 },
  ]

  test('that are not in the ride are told by their reason', () => {
    const line = lineOf('positions', {
      shown: { positions: 3_592, drawn: 3_591, excluded, leftOut },
      held: { notRead: 2, samples: 3_610 },
    })
    expect(line).toMatchObject({ device: 3_602, verdict: 'holds' })
    expect(line?.note).toBe(
      'excluded: 3 DUPLICATE_TIME, 1 OUTSIDE_ACTIVE_TIME; left out: 2 NO_TIME, 4 LAST_PAUSE; ' +
        '10 without a fix; 1 alone, with no line through it',
    )
  })

  test.each([
    ['one of which nothing is said', { positions: 3_599 }, {}, 'fails', /; unsaid: 1$/],
    ['one that came from nowhere', { positions: 3_601 }, {}, 'fails', /; too many: 1$/],
    ['one that is counted twice', { excluded: [{ reason: 'A', count: 1 }] }, {}, 'fails', /; too many: 1$/],
    [
      'one without a fix that was excluded',
      { excluded: [{ reason: 'A', count: 1 }] },
      { samples: 3_601, blindApart: 1 },
      'holds',
      /1 without a fix$/,
    ],
    [
      'those of an earlier import',
      { positions: 1, leftOut: undefined },
      {},
      'not judged',
      /imported before$/,
    ],
  ] as const)('%s', (_, shownHere, heldHere, verdict, note) => {
    const line = lineOf('positions', { shown: shownHere, held: heldHere })
    expect(line).toMatchObject({ verdict, note: expect.stringMatching(note) })
  })
})
