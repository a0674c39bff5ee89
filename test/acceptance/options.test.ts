import { expect, test } from 'vitest'
import { readOptions } from './options.ts'

test('takes a directory, and the address of a running Slipstream', () => {
  expect(readOptions(['rides'])).toEqual({
    outcome: 'options',
    options: { directory: 'rides', url: undefined },
  })
  expect(readOptions(['rides', '--url', 'https://example.org/slip'])).toMatchObject({
    options: { url: new URL('https://example.org/slip') },
  })
  expect(readOptions(['--help'])).toEqual({ outcome: 'help' })
})

test.each([
  [[], /Which recordings/],
  [['a', 'b'], /One directory at a time; there are 2/],
  [['a', '--url', 'localhost'], /--url must be an address/],
  [['a', '--url', 'ftp://localhost'], /--url must be an address/],
  [['a', '--link', 'b'], /--link/],
])('says what is wrong with %j', (args, message) => {
  expect(readOptions(args)).toEqual({ outcome: 'mistake', message: expect.stringMatching(message) })
})
