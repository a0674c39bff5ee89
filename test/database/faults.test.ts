import { connect } from 'node:net'
import pg from 'pg'
import { expect, test } from 'vitest'
import { DatabaseUnavailable, isAway, isTooMuch, isUnavailable } from '#database/faults.ts'
import { freePort } from '../support/free-port.ts'

test.each([
  ['the server is shutting down', Object.assign(new Error('x'), { code: '57P01' })],
  ['too many connections', Object.assign(new Error('x'), { code: '53300' })],
  ['a standby that cannot write', Object.assign(new Error('x'), { code: '25006' })],
  ['a connection that was cut', new Error('Connection terminated unexpectedly')],
  ['a connect without answer', new Error('timeout expired')],
  ['a statement without answer', new Error('Query read timeout')],
  ['a pool without a free connection', new Error('Timed out waiting for connection from pool.')],
  ['a call that was not sent', new DatabaseUnavailable('away')],
])('%s means that the database is away', (_, error) => {
  expect(isAway(error)).toBe(true)
  expect(isUnavailable(error)).toBe(true)
  expect(isTooMuch(error)).toBe(false)
})

test('a refused connection means that, also where the host has several addresses', async () => {
  const port = await freePort()
  for (const host of ['127.0.0.1', 'localhost']) {
    const client = new pg.Client({ host, port })
    const refused: unknown = await client.connect().catch((error: unknown) => error)
    expect(isAway(refused)).toBe(true)
  }
  const several: unknown = await new Promise((resolve) => {
    connect({
      port,
      host: 'several.test',
      lookup: (_host, _options, found) =>
        found(null, [
          { address: '127.0.0.1', family: 4 },
          { address: '127.0.0.2', family: 4 },
        ]),
    }).once('error', resolve)
  })
  expect(several).toBeInstanceOf(AggregateError)
  expect(isAway(several)).toBe(true)
})

test.each([
  ['a statement that took too long', '57014', true],
  ['a statement that needs more memory than there is', '53200', true],
  ['a transaction that was idle for too long', '25P03', true],
  ['a full disk', '53100', false],
])('%s is answered as what may succeed later, by a database that is there', (_, code, isOfOne) => {
  const error = Object.assign(new Error('x'), { code })
  expect(isAway(error)).toBe(false)
  expect(isUnavailable(error)).toBe(true)
  expect(isTooMuch(error)).toBe(isOfOne)
})

test.each([
  ['a broken constraint', Object.assign(new Error('x'), { code: '23505' })],
  ['a statement that makes no sense', Object.assign(new Error('x'), { code: '42601' })],
  ['a library that the server cannot find', Object.assign(new Error('x'), { code: '58P01' })],
  ['a fault of the program', new TypeError('x is not a function')],
  ['what is no error', 'away'],
])('%s does not go away by itself', (_, error) => {
  expect(isUnavailable(error)).toBe(false)
  expect(isAway(error)).toBe(false)
})
