/** From where a client comes, and what only claims it. */
import type { IncomingMessage } from 'node:http'
import { expect, test } from 'vitest'
import { clientAddresses } from '#server/client-address.ts'

function from(remoteAddress: string, forwarded?: string): IncomingMessage {
  const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded }
  return { socket: { remoteAddress }, headers } as IncomingMessage
}

test('without proxies only the connection counts', () => {
  const addressOf = clientAddresses([])
  expect(addressOf(from('198.51.100.1', '203.0.113.9'))).toBe('198.51.100.1')
  expect(addressOf(from('::ffff:198.51.100.1'))).toBe('198.51.100.1')
})

test('of what proxies say, the last that none of them is', () => {
  const addressOf = clientAddresses(['10.0.0.0/8', '::1'])
  expect(addressOf(from('10.0.0.1', '203.0.113.9, 198.51.100.1, 10.2.3.4'))).toBe('198.51.100.1')
  expect(addressOf(from('::ffff:10.0.0.1', '2001:db8::7'))).toBe('2001:db8::7')
  expect(addressOf(from('::1', '10.0.0.2'))).toBe('10.0.0.2')
  expect(addressOf(from('10.0.0.1', '203.0.113.9, nonsense'))).toBe('10.0.0.1')
  expect(addressOf(from('10.0.0.1'))).toBe('10.0.0.1')
})

test('whoever is no proxy says nothing', () => {
  expect(clientAddresses(['10.0.0.0/8'])(from('198.51.100.1', '203.0.113.9'))).toBe('198.51.100.1')
})

test.each([
  ['203.0.113.7:4711', '203.0.113.7'],
  ['[2001:db8::1]:4711', '2001:db8::1'],
  ['[2001:db8::1]', '2001:db8::1'],
  ['[::ffff:203.0.113.7]:4711', '203.0.113.7'],
  ['203.0.113.9, 203.0.113.7:4711, 10.2.3.4:80', '203.0.113.7'],
  ['203.0.113.9, 203.0.113.7:port', '10.0.0.1'],
  ['203.0.113.9, [203.0.113.7', '10.0.0.1'],
])('a proxy that says %s has it from %s', (forwarded, address) => {
  expect(clientAddresses(['10.0.0.0/8'])(from('10.0.0.1', forwarded))).toBe(address)
})
