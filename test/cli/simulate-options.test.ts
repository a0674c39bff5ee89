import { expect, test } from 'vitest'
import { readOptions } from '#cli/simulate/options.ts'

test('twenty riders ride for ten minutes on this machine unless told otherwise', () => {
  expect(readOptions([], {})).toEqual({
    outcome: 'options',
    options: {
      riders: 20,
      seconds: 600,
      speed: 1,
      history: 0,
      isHistoryOnly: false,
      around: { latitude: 46.0569, longitude: 14.5058 },
      seed: 1,
      visibility: 'PRIVATE',
      leaveOpen: false,
      url: new URL('http://127.0.0.1:4000'),
      token: undefined,
    },
  })
})

test('all of it can be said, and the environment says where the server is and who one is', () => {
  const args = [
    '--riders',
    '1000',
    '--seconds',
    '60',
    '--speed',
    '10',
    '--around',
    '-33.9, 18.4',
    '--seed',
    '7',
  ]
  expect(readOptions([...args, '--visibility', 'Public', '--leave-open'], {})).toMatchObject({
    options: {
      riders: 1_000,
      seconds: 60,
      speed: 10,
      around: { latitude: -33.9, longitude: 18.4 },
      seed: 7,
      visibility: 'PUBLIC',
      leaveOpen: true,
    },
  })
  expect(readOptions([], { PORT: '4100', SLIPSTREAM_TOKEN: 'mine' })).toMatchObject({
    options: { url: new URL('http://127.0.0.1:4100'), token: 'mine' },
  })
})

test('history alone is only written; where riders are asked for as well, they ride then', () => {
  expect(readOptions(['--history', '9'], {})).toMatchObject({ options: { history: 9, isHistoryOnly: true } })
  expect(readOptions(['--history', '9', '--riders', '2'], {})).toMatchObject({
    options: { isHistoryOnly: false },
  })
})

test.each([
  [['--riders', '0'], /--riders must be/],
  [['--riders', 'many'], /--riders must be/],
  [['--riders', '1.5'], /--riders must be/],
  [['--history', '-1'], /--history/],
  [['--seconds', '0'], /--seconds must be/],
  [['--seconds', 'Infinity'], /--seconds must be/],
  [['--speed', '0'], /--speed must be/],
  [['--speed', 'max'], /--speed must be/],
  [['--around', '46'], /--around must be/],
  [['--around', '89,14'], /--around must be/],
  [['--around', '46,'], /--around must be/],
  [['--around', '46,14,3'], /--around must be/],
  [['--visibility', 'friends'], /--visibility must be/],
  [['--seed', ''], /--seed must be/],
  [['--url', 'localhost'], /--url must be/],
  [['--rider', '3'], /--rider/],
  [['3'], /3/],
])('says what is wrong with %j', (args, message) => {
  expect(readOptions(args, {})).toEqual({ outcome: 'mistake', message: expect.stringMatching(message) })
})
