import { readFile } from 'node:fs/promises'
import { buildSchema, parse, validate } from 'graphql'
import { expect, test } from 'vitest'
import { awaitFinish } from '#cli/ride/finish.ts'
import { answerOf, type Operation, operationOf } from '#cli/ride/operations.ts'
import type { Step } from '#cli/ride/plan.ts'
import { impatientClock } from './impatient-clock.ts'

const dueAt = Date.UTC(2026, 4, 1, 8)
const command = { dueAt, at: dueAt, commandId: 'c' }
const steps: Step[] = [
  { kind: 'start', dueAt, at: dueAt, title: 'A ride' },
  { kind: 'upload', dueAt, uploadId: 'u', positions: [{ at: dueAt }] },
  { kind: 'pause', ...command },
  { kind: 'resume', ...command },
  { kind: 'end', ...command },
]

test('every operation of a replay is one of the printed contract', async () => {
  const schema = buildSchema(await readFile(new URL('../../schema.graphql', import.meta.url), 'utf8'))
  const operations: Operation[] = steps.map((step) => operationOf('r', step))
  await awaitFinish('r', 'c', {
    connection: {
      subscribe: async (operation) => {
        operations.push(operation)
        return { kind: 'complete' }
      },
      execute: async (operation) => {
        operations.push(operation)
        return { kind: 'result', data: { ride: { status: 'FINISHED', statistics: null } }, errors: [] }
      },
    },
    clock: impatientClock(),
    random: Math.random,
    signal: new AbortController().signal,
    tell: () => {},
  })
  expect(operations.length).toBe(7)
  for (const { query } of operations) expect(validate(schema, parse(query))).toEqual([])
})

test.each([
  ['OVERLOADED', { kind: 'later', afterMs: 2_000, message: 'm' }],
  ['RATE_LIMITED', { kind: 'later', afterMs: 2_000, message: 'm' }],
  ['RIDE_NOT_ACTIVE', { kind: 'refused', code: 'RIDE_NOT_ACTIVE', message: 'm' }],
  ['VERSION_CONFLICT', { kind: 'refused', code: 'VERSION_CONFLICT', message: 'm' }],
])('the error %s means the same as data and as an error of the operation', (code, answer) => {
  const data = { endRide: { code, message: 'm', retryAfter: 2 } }
  const errors = [{ message: 'm', extensions: { code, retryAfter: 2 } }]
  expect(answerOf({ kind: 'result', data, errors: [] })).toEqual(answer)
  expect(answerOf({ kind: 'result', data: null, errors })).toEqual(answer)
})

test('an error that says nothing of itself leaves open whether the step was recorded', () => {
  const errors = [{ message: 'Unexpected error.', extensions: { code: 'INTERNAL_SERVER_ERROR' } }]
  expect(answerOf({ kind: 'result', data: null, errors }).kind).toBe('unknown')
  expect(answerOf({ kind: 'result', data: null, errors: [] }).kind).toBe('unknown')
})
