import { expect, test } from 'vitest'
import {
  isSampled,
  notSampled,
  readTraceparent,
  recordedTrace,
  spanIdOf,
  traceIdOf,
} from '#telemetry/traceparent.ts'

const traceId = '0af7651916cd43dd8448eb211c80319c'
const spanId = 'b7ad6b7169203331'
const recorded = `00-${traceId}-${spanId}-01`

test('its parts are where the specification has them', () => {
  expect(traceIdOf(recorded)).toBe(traceId)
  expect(spanIdOf(recorded)).toBe(spanId)
  expect(isSampled(recorded)).toBe(true)
  expect(isSampled(`00-${traceId}-${spanId}-03`)).toBe(true)
  expect(isSampled(`00-${traceId}-${spanId}-02`)).toBe(false)
})

test('of what is not recorded nobody goes on', () => {
  expect(recordedTrace(recorded)).toBe(recorded)
  expect(recordedTrace(notSampled(recorded))).toBeUndefined()
  expect(recordedTrace(undefined)).toBeUndefined()
  expect(recordedTrace(null)).toBeUndefined()
})

test('what is none is not taken for one', () => {
  expect(readTraceparent(recorded)).toBe(recorded)
  expect(readTraceparent(`00-${'0'.repeat(32)}-${spanId}-01`)).toBeUndefined()
  expect(readTraceparent(`${recorded}-more`)).toBeUndefined()
  expect(readTraceparent(recorded.replace(/^00/, '01').concat('-more'))).toBe(recorded.replace(/^00/, '01'))
  expect(readTraceparent(['00'])).toBeUndefined()
})
