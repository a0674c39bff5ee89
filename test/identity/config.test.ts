/** The environment, as far as it says who may sign in. */
import { expect, test } from 'vitest'
import { readConfig } from '#config.ts'
import { whyNotOpenToOthers } from '#terminal.ts'

const AUTH_SECRET = 'long enough for this, and random not at all'

function faultsOf(env: Record<string, string>): readonly string[] {
  const reading = readConfig(env)
  return reading.outcome === 'refused' ? reading.faults : []
}

function reasonFor(env: Record<string, string>): string | undefined {
  const reading = readConfig(env)
  if (reading.outcome === 'refused') throw new Error(reading.faults.join())
  return whyNotOpenToOthers(reading.config)
}

test('what is not right is said, with what would be', () => {
  expect(
    faultsOf({
      AUTH_SECRET: 'short',
      PUBLIC_URL: 'https://rides.example.org/app',
      SIGN_UP: 'maybe',
      ADMINS: 'ana@example.org, bob',
      TRUSTED_PROXIES: '10.0.0.0/33',
    }),
  ).toEqual([
    expect.stringContaining('AUTH_SECRET has at least 32 characters'),
    'PUBLIC_URL is an origin, without a path behind it',
    'SIGN_UP is open or closed',
    'ADMINS is a list of e-mail addresses, with commas between them',
    expect.stringContaining('TRUSTED_PROXIES is a list of addresses or networks'),
  ])
})

test('what comes together is asked for together, and nothing is set in vain', () => {
  expect(faultsOf({ AUTH_SECRET, JWT_ISSUER: 'https://issuer.example' })).toEqual([
    'JWT_AUDIENCE and JWT_JWKS_URL are not set: JWT_ISSUER, JWT_AUDIENCE, JWT_JWKS_URL come together',
  ])
  expect(faultsOf({ ADMINS: 'ana@example.org', SIGN_UP: 'open' })).toEqual([
    'SIGN_UP needs AUTH_SECRET, which is not set',
    'ADMINS needs AUTH_SECRET, which is not set',
  ])
  const oidc = { OIDC_ISSUER: 'https://issuer.example', OIDC_CLIENT_ID: 'a', OIDC_CLIENT_SECRET: 'b' }
  expect(faultsOf({ AUTH_SECRET, ...oidc })).toEqual([
    expect.stringContaining('OIDC_ISSUER needs PUBLIC_URL'),
  ])
})

test('a secret is never quoted', () => {
  expect(faultsOf({ AUTH_SECRET: 'too short to be one', PORT: 'x' }).join()).not.toContain(
    'too short to be one',
  )
})

test.each(['0.0.0.0', '::', '192.168.1.2', '127.1', 'rides.example.org'])(
  'at %s the server starts only where people sign in, and says how that is done',
  (HOST) => {
    const reason = reasonFor({ HOST })
    expect(reason).toContain('AUTH_SECRET=$(openssl rand -hex 32)')
    expect(reason).toContain(`HOST=${HOST} npm start`)
    expect(reasonFor({ HOST, AUTH_SECRET })).toBe(undefined)
    // It serves nothing but whether it lives.
    expect(reasonFor({ HOST, ROLE: 'worker' })).toBe(undefined)
  },
)

test.each(['127.0.0.1', 'localhost', '::1'])('at %s it starts with nothing configured', (HOST) => {
  expect(reasonFor({ HOST })).toBe(undefined)
})

test.each(['rides.example.org', 'localhost:4000', 'https://', 'somewhere'])(
  'PUBLIC_URL=%s is refused with what it has to be, not with a fault',
  (PUBLIC_URL) => {
    const reading = readConfig({ AUTH_SECRET: 'for tests only, and long enough for them', PUBLIC_URL })
    expect(reading).toMatchObject({
      outcome: 'refused',
      faults: expect.arrayContaining(['PUBLIC_URL is an address such as https://rides.example.org']),
    })
  },
)
