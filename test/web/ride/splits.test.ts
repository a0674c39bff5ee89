import { expect, test } from 'vitest'
import { barOf, boundsOfSplits, stretchOfSplit } from '../../../web/ride/split-stretch.ts'
import { statisticsOf } from '../../../web/ride/stretch.ts'
import { samplesOf } from './known-samples.ts'

test('splits lie one behind the other', () => {
  const splits = [{ distance: 1_000 }, { distance: 1_000 }, { distance: 340.5 }]
  expect(boundsOfSplits(splits)).toEqual([
    [0, 1_000],
    [1_000, 2_000],
    [2_000, 2_340.5],
  ])
})

test('a split is the samples from its beginning to its end', () => {
  const samples = samplesOf({ count: 500, speed: 5 })
  const split = { distance: 1_000, elapsedTime: 205, movingTime: 203, averageSpeed: 4.93 }
  expect(stretchOfSplit(samples, [1_000, 2_000], split)).toMatchObject({ from: 200, to: 400 })
  expect(stretchOfSplit(samples, [2_000, 9_000], split)).toMatchObject({ from: 400, to: 499 })
  // What its row says, and not what comes of the samples next to its ends.
  expect(statisticsOf(samples, stretchOfSplit(samples, [1_000, 2_000], split))).toMatchObject(split)
})

test('its bar is as long as it is fast, beside the fastest', () => {
  expect([barOf(5, 10), barOf(10, 10), barOf(0, 10), barOf(0, 0)]).toEqual([0.5, 1, 0, 0])
})
