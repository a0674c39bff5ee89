import { expect, test } from 'vitest'
import { findingOf, leakIn } from './judge.ts'

test.each([
  ['a fault', { status: 500, body: 'Something went wrong on the server.' }],
  [
    'a fault inside an answer',
    { status: 200, body: '{"errors":[{"extensions":{"code":"INTERNAL_SERVER_ERROR"}}]}' },
  ],
  ['an unavailability without its code', { status: 503, body: '' }],
  ['silence', { status: 'silent', body: '' }],
  ['a connection that is cut', { status: 'cut', body: '' }],
  ['a socket closed by a fault', { status: 'cut', closeCode: 1011, body: '' }],
  ['a stack', { status: 400, body: '{"message":"at parse (/srv/src/api/uuid.ts:12:3)"}' }],
  ['SQL', { status: 400, body: '{"message":"select r.ride_id from rides_1 as r"}' }],
  ['the name of a table', { status: 400, body: '{"message":"log_partition"}' }],
] as const)('%s is found', (_, reply) => {
  expect(findingOf(reply)).toBeTypeOf('string')
})

test.each([
  ['an answer', { status: 200, body: '{"data":{"ride":null}}' }],
  [
    'a refusal',
    { status: 400, body: '{"errors":[{"message":"Send degrees.","extensions":{"code":"INVALID_INPUT"}}]}' },
  ],
  ['an overload', { status: 503, body: '{"code":"OVERLOADED"}' }],
  ['a socket closed for what the client did', { status: 'cut', closeCode: 1009, body: '' }],
] as const)('%s is not', (_, reply) => {
  expect(findingOf(reply)).toBeUndefined()
})

test('what is no HTTP may be answered by closing the connection', () => {
  expect(findingOf({ status: 'cut', body: '' }, { mayBeCut: true })).toBeUndefined()
  expect(leakIn('')).toBeUndefined()
})
