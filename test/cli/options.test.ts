import { describe, expect, test } from 'vitest'
import { pageUrl, webSocketUrl } from '#cli/ride/connection.ts'
import { readOptions } from '#cli/ride/options.ts'

describe('npm run ride', () => {
  test('takes a file, and replays it to this machine in real time unless told otherwise', () => {
    expect(readOptions(['a.fit'], {})).toEqual({
      outcome: 'options',
      options: { file: 'a.fit', url: new URL('http://127.0.0.1:4000'), speed: 1, token: undefined },
    })
  })

  test('takes an address, a speed and a token', () => {
    const args = ['a.fit', '--url', 'https://example.org/slip', '--speed', '300', '--token', 't']
    expect(readOptions(args, { SLIPSTREAM_TOKEN: 'other' })).toMatchObject({
      options: { url: new URL('https://example.org/slip'), speed: 300, token: 't' },
    })
    expect(readOptions(['a.fit', '--speed', 'max'], { SLIPSTREAM_TOKEN: 'mine' })).toMatchObject({
      options: { speed: 'max', token: 'mine' },
    })
    expect(readOptions(['a.fit'], { PORT: '4100' })).toMatchObject({
      options: { url: new URL('http://127.0.0.1:4100') },
    })
  })

  test.each([
    [[], /Which recording/],
    [['a.fit', 'b.fit'], /One recording at a time/],
    [['a.fit', '--speed', '0'], /--speed must be/],
    [['a.fit', '--speed', 'fast'], /--speed must be/],
    [['a.fit', '--speed', 'Infinity'], /--speed must be/],
    [['a.fit', '--url', 'localhost'], /--url must be/],
    [['a.fit', '--url', 'ftp://localhost'], /--url must be/],
    [['a.fit', '--sped', '3'], /--sped/],
    [['a.fit', '--url'], /--url/],
  ])('says what is wrong with %j', (args, message) => {
    expect(readOptions(args, {})).toEqual({ outcome: 'mistake', message: expect.stringMatching(message) })
  })
})

test('the socket and a ride’s page are found below the service’s address', () => {
  expect(webSocketUrl(new URL('http://127.0.0.1:4000'))).toBe('ws://127.0.0.1:4000/graphql')
  expect(webSocketUrl(new URL('https://example.org/slip'))).toBe('wss://example.org/slip/graphql')
  expect(pageUrl(new URL('https://example.org/slip/'), 'r')).toBe('https://example.org/slip/rides/r')
})
