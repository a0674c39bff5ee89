import { describe, expect, test } from 'vitest'
import type { Projection } from '../../../web/log/documents.ts'
import {
  nothingRead,
  type Reading,
  rateWindowMs,
  remember,
  standingsOf,
  withStanding,
} from '../../../web/log/standings.ts'

const start = Date.UTC(2026, 4, 31, 8)

function reading(seconds: number, places: readonly (readonly [number, number])[], version = 1): Reading {
  const at = start + seconds * 1_000
  const partitions = places.map(([position, head], partition) => ({
    ...{ partition, position, head, behind: head - position },
    behindSince: head > position ? new Date(at - 3_000 - partition * 1_000).toISOString() : null,
  }))
  const projection: Projection = {
    ...{
      name: 'rides',
      version,
      state: 'BUILDING',
      since: new Date(start).toISOString(),
      parkedRides: 0,
      partitions,
    },
  }
  return { at, projections: [projection] }
}

const only = (readings: readonly Reading[]) => standingsOf(readings)[0]!

describe('how projections move', () => {
  test('is not told by one reading', () => {
    expect(only([reading(0, [[50, 200]])])).toMatchObject({
      ...{
        position: 50,
        head: 200,
        behind: 150,
        share: 0.25,
        rate: null,
        secondsLeft: null,
        behindMs: 3_000,
      },
    })
  })

  test('is told by two, over all partitions', () => {
    const standing = only([
      reading(0, [
        [0, 1_000],
        [100, 1_000],
      ]),
      reading(2, [
        [400, 1_000],
        [300, 1_000],
      ]),
    ])
    expect(standing).toMatchObject({ rate: 300, behind: 1_300, behindMs: 4_000 })
    expect(standing.secondsLeft).toBeCloseTo(1_300 / 300)
  })

  test('what the log grows by meanwhile is still to come past', () => {
    const standing = only([reading(0, [[0, 1_000]]), reading(1, [[100, 1_040]])])
    expect(standing.rate).toBe(100)
    expect(standing.secondsLeft).toBeCloseTo(940 / 60)
    expect(only([reading(0, [[0, 1_000]]), reading(1, [[10, 1_040]])]).secondsLeft).toBeNull()
  })

  test('at the end nothing is left, also of an empty log', () => {
    expect(only([reading(0, [[9, 10]]), reading(1, [[10, 10]])])).toMatchObject({
      ...{ behind: 0, behindMs: null, secondsLeft: 0, share: 1, rate: 1 },
    })
    expect(only([reading(0, [[0, 0]])])).toMatchObject({ share: 1, secondsLeft: 0 })
  })

  test('a version that is new has no rate of another', () => {
    expect(only([reading(0, [[500, 500]]), reading(1, [[10, 500]], 2)]).rate).toBeNull()
  })

  test('readings are kept as long as rates are made of them', () => {
    let readings: readonly Reading[] = []
    for (let second = 0; second < 60; second++)
      readings = remember(readings, reading(second, [[second, 100]]))
    expect(readings.length).toBe(rateWindowMs / 1_000 + 2)
    expect(only(readings).rate).toBe(1)
    // A clock that was set back.
    expect(remember(readings, reading(0, [[0, 100]]))).toHaveLength(1)
  })
})

test('a refusal is no silence: what was known stays, and it is known why there is no more', () => {
  const { projections } = reading(0, [[50, 200]])
  const known = withStanding(
    nothingRead,
    { ok: true, data: { projections: [...projections], parkedRides: [] } },
    start,
  )
  expect(known.failure).toBeNull()
  const failure = { kind: 'final', code: 'FORBIDDEN', message: 'For administrators.' } as const
  const refused = withStanding(known, { ok: false, failure }, start + 1_000)
  expect(refused).toEqual({ ...known, failure })
  const again = withStanding(
    refused,
    { ok: true, data: { projections: [...projections], parkedRides: [] } },
    start + 2_000,
  )
  expect(again.failure).toBeNull()
  expect(again.readings).toHaveLength(2)
})
