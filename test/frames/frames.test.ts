import { expect, test } from 'vitest'
import { smoothnessOf } from './frames.ts'
import { flatnessOf } from './heap.ts'
import { readOptions } from './options.ts'

test('smoothness is told by the seconds: the usual one, one in twenty, and the worst', () => {
  const frames = [...Array.from({ length: 38 }, () => 60), 12, 3]
  expect(smoothnessOf({ frames, longTasks: [80, 51, 140] })).toEqual({
    median: 60,
    fifth: 12,
    worst: 3,
    longTasks: 3,
    longestTask: 140,
  })
  expect(smoothnessOf({ frames: [60], longTasks: [] }).longestTask).toBe(0)
})

test('memory is flat where the last third is no higher than the second, whatever the first was', () => {
  expect(flatnessOf([10, 30, 40, 41, 40, 41])).toEqual({ second: 40.5, last: 40.5, isFlat: true })
  expect(flatnessOf([40, 40, 40, 40, 46, 47]).isFlat).toBe(false)
  expect(flatnessOf([40]).isFlat).toBe(true)
})

test('a thousand riders are looked at for ten minutes on the live map unless told otherwise', () => {
  const options = { minutes: 10, riders: 1_000, path: '/' }
  expect(readOptions([])).toEqual({ outcome: 'options', options })
  expect(readOptions(['--minutes', '0.5', '--riders', '10', '--path', '/history'])).toEqual({
    outcome: 'options',
    options: { minutes: 0.5, riders: 10, path: '/history' },
  })
})

test.each([
  [['--minutes', '0']],
  [['--minutes', 'long']],
  [['--riders', '0']],
  [['--riders', '2.5']],
  [['--path', 'history']],
  [['--speed', '3']],
])('%j is a mistake', (args) => {
  expect(readOptions(args)).toMatchObject({ outcome: 'mistake', message: expect.stringContaining(args[0]!) })
})
