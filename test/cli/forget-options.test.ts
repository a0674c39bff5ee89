import { expect, test } from 'vitest'
import { readList, textOf } from '../../src/cli/forget/list.ts'
import { readOptions } from '../../src/cli/forget/options.ts'

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
  expect(readOptions(['--list', 'gone.txt', '--yes'])).toEqual({
    outcome: 'options',
    options: { whom: { listFile: 'gone.txt' }, isSure: true },
  })
  expect(readOptions(['--write-list', 'gone.txt'])).toEqual({
    outcome: 'options',
    options: { whom: { writeTo: 'gone.txt' }, isSure: false },
  })
  expect(readOptions(['--help'])).toEqual({ outcome: 'help' })
})

test.each([
  ['no rider', [], /Which rider/],
  ['two riders', [rider, rider], /Which rider/],
  ['a rider and a list', [rider, '--list', 'gone.txt'], /Which rider/],
  ['a list to read and one to write', ['--write-list', 'new.txt', '--list', 'gone.txt'], /Which rider/],
  ['a list whose name is empty', ['--list', ''], /Which rider/],
  ['a name', ['me'], /is a UUID, not 'me'/],
  ['an option that is none', [rider, '--sure'], /--sure/],
])('given %s it is a mistake that is named', (_, args, message) => {
  expect(readOptions(args)).toMatchObject({ outcome: 'mistake', message: expect.stringMatching(message) })
})

const list = {
  riders: [
    { mark: 'ab'.repeat(32), times: 1 },
    { mark: '01'.repeat(32), times: 12 },
  ],
  rideIds: [rider],
}

test('a list that is written is read as it was', () => {
  expect(readList(textOf(list))).toEqual(list)
  expect(readList(textOf({ riders: [], rideIds: [] }))).toEqual({ riders: [], rideIds: [] })
})

test('a list that was cut off anywhere, or is empty, is refused', () => {
  const text = textOf(list)
  for (let length = 0; length < text.length; length++) {
    expect(readList(text.slice(0, length)), `its first ${length} characters`).toMatch(/not whole/)
  }
  expect(readList(text.replace(/^.*\n/, ''))).toMatch(/not whole/)
})

test.each([`rider ${rider}`, `rider ${'ab'.repeat(32)} 0`, 'ride home', `deleted ${rider}`, ''])(
  'a list with the line "%s" is refused',
  (line) => {
    expect(readList(`${line}\nend 1\n`)).toContain(`'${line}'`)
  },
)
