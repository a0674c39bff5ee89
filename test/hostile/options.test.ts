import { expect, test } from 'vitest'
import { attackNames } from './attacks.ts'
import { longScale, readOptions, shortScale } from './options.ts'

test('without arguments all attacks are made, at length, by chance', () => {
  const options = { only: attackNames, seed: 500_000, quick: false, scale: longScale }
  expect(readOptions([], 0.5)).toEqual({ outcome: 'options', options })
})

test('what is chosen is made in its usual order', () => {
  const { outcome, ...rest } = readOptions(['--only', 'slow,documents', '--seed', '7', '--quick'], 0)
  expect([outcome, rest]).toEqual([
    'options',
    { options: { only: ['documents', 'slow'], seed: 7, quick: true, scale: shortScale } },
  ])
})

test.each([
  [['--only', 'magic'], "--only takes names of attacks, not 'magic'."],
  [['--seed', 'x'], "--seed must be a whole number, not 'x'."],
  [['--fast'], "Unknown option '--fast'"],
])('%j is refused with a sentence', (args, message) => {
  expect(readOptions(args, 0)).toEqual({ outcome: 'mistake', message })
})
