import { expect, test } from 'vitest'
import { readConfig } from '#config.ts'
import { usualLimits } from '#server/limits/settings.ts'

const AUTH_SECRET = 'for tests only, and long enough for them'

function limitsWith(env: Record<string, string>, secret = AUTH_SECRET) {
  const reading = readConfig({ ...env, AUTH_SECRET: secret })
  if (reading.outcome === 'refused') throw new Error(reading.faults.join('; '))
  return reading.config.limits
}

function faultsWith(env: Record<string, string>): readonly string[] {
  const reading = readConfig(env)
  return reading.outcome === 'refused' ? reading.faults : []
}

test('limits are as usual unless they are set, and off by a word or by 0', () => {
  expect(limitsWith({})).toEqual(usualLimits)
  const set = { LIMIT_COST: '70', LIMIT_REQUESTS_PER_MINUTE: 'off', LIMIT_POSITIONS_PER_SECOND: '0' }
  expect(limitsWith({ ...set, LIMIT_EXECUTION_SECONDS: '3', GRAPHQL_INTROSPECTION: 'off' })).toEqual({
    ...usualLimits,
    cost: 70,
    requestsPerMinute: Number.POSITIVE_INFINITY,
    positionsPerSecond: Number.POSITIVE_INFINITY,
    executionMs: 3_000,
    introspection: false,
  })
})

test('where nobody signs in nobody is counted, unless it is said', () => {
  const { cost, executionMs, introspection, corsOrigins, ...counted } = limitsWith({}, '')
  expect(new Set(Object.values(counted))).toEqual(new Set([Number.POSITIVE_INFINITY]))
  expect([cost, executionMs]).toEqual([usualLimits.cost, usualLimits.executionMs])
  expect([introspection, corsOrigins]).toEqual([true, []])
  expect(limitsWith({ LIMIT_SOCKETS: '7' }, '').sockets).toBe(7)
})

test('origins come with commas between them', () => {
  const CORS_ORIGINS = 'https://rides.example.org, http://localhost:5173'
  expect(limitsWith({ CORS_ORIGINS }).corsOrigins).toEqual([
    'https://rides.example.org',
    'http://localhost:5173',
  ])
  expect(limitsWith({ CORS_ORIGINS: '*' }).corsOrigins).toEqual(['*'])
})

test('what cannot be meant is named', () => {
  const env = { LIMIT_COST: 'many', LIMIT_SOCKETS: '-1', GRAPHQL_INTROSPECTION: 'no' }
  expect(faultsWith({ ...env, CORS_ORIGINS: 'rides.example.org, https://a.example/path' })).toEqual([
    'LIMIT_COST is a whole number, or off',
    'LIMIT_SOCKETS is a whole number, or off',
    'GRAPHQL_INTROSPECTION is on or off',
    'CORS_ORIGINS is a list of origins such as https://rides.example.org, with commas between them, or *',
  ])
})
