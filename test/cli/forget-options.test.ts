import { expect, test } from 'vitest'
import { readOptions, readRideIds } from '../../src/cli/forget/options.ts'

const rider = '0a1b2c3d-0000-4000-8000-00000000000e'

test('a rider, and whether to do it', () => {
  expect(readOptions([rider])).toEqual({
    outcome: 'options',
    options: { whom: { riderId: rider }, isSure: false },
  })
  expect(readOptions(['--yes', rider.toUpperCase()])).toEqual({
    outcome: 'options',
    options: { whom: { riderId: rider }, isSure: true },
  })
  expect(readOptions(['--rides', 'gone.txt', '--yes'])).toEqual({
    outcome: 'options',
    options: { whom: { ridesFile: 'gone.txt' }, isSure: true },
  })
  expect(readOptions(['--help'])).toEqual({ outcome: 'help' })
})

test.each([
  ['no rider', [], /Which rider/],
  ['two riders', [rider, rider], /Which rider/],
  ['a rider and rides', [rider, '--rides', 'gone.txt'], /Which rider/],
  ['a name', ['me'], /is a UUID, not 'me'/],
  ['an option that is none', [rider, '--sure'], /--sure/],
])('given %s it is a mistake that is named', (_, args, message) => {
  expect(readOptions(args)).toMatchObject({ outcome: 'mistake', message: expect.stringMatching(message) })
})

test('a file of rides has an id a line', () => {
  expect(readRideIds(`${rider}\n\n  ${rider} \n`)).toEqual([rider, rider])
  expect(readRideIds('')).toEqual([])
  expect(readRideIds(`${rider}\nhome`)).toBe("A ride's id is a UUID, not 'home'.")
})
