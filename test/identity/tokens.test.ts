/** Which tokens are good: no database, only an issuer. */
import { generateKeyPair, UnsecuredJWT } from 'jose'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { isToken, openTokens, uuidOfSubject, type Verification } from '#identity/tokens.ts'
import { type Issuer, startIssuer } from './issuer.ts'

let issuer: Issuer
let verify: (token: string) => Promise<Verification>
beforeAll(async () => {
  issuer = await startIssuer()
  verify = openTokens({ issuer: issuer.url, audience: 'rides', jwksUrl: issuer.jwksUrl }, Date.now)
})
afterAll(() => issuer?.[Symbol.asyncDispose]())

const inSeconds = (seconds: number) => Math.floor(Date.now() / 1000) + seconds
const good = { aud: 'rides', sub: 'ana' }

test('a good one says whose it is, for what, and how long', async () => {
  const exp = inSeconds(60)
  const token = await issuer.sign({
    ...good,
    exp,
    scope: 'admin rides:read profile',
    preferred_username: 'ana',
  })
  expect(isToken(token)).toBe(true)
  expect(await verify(token)).toMatchObject({
    outcome: 'good',
    token: { subject: 'ana', name: 'ana', scopes: ['rides:read', 'admin'] },
  })
})

test('without scopes it is good for nothing but a name', async () => {
  expect(await verify(await issuer.sign(good))).toMatchObject({
    outcome: 'good',
    token: { scopes: [], name: 'Rider' },
  })
})

test('the issuer’s keys are asked for once', async () => {
  const before = issuer.keysAsked()
  for (let i = 0; i < 5; i++) await verify(await issuer.sign(good))
  expect(issuer.keysAsked()).toBe(before)
})

test.each<[string, Record<string, unknown>]>([
  ['another issuer', { ...good, iss: 'https://elsewhere.example' }],
  ['another audience', { ...good, aud: 'somebody else' }],
  ['no audience', { sub: 'ana' }],
  ['nobody', { aud: 'rides' }],
  ['somebody without a name', { ...good, sub: '' }],
  ['a time that is over', { ...good, exp: inSeconds(-30) }],
  ['a time to come', { ...good, nbf: inSeconds(60) }],
])('one of %s is refused', async (_, claims) => {
  expect(await verify(await issuer.sign(claims))).toMatchObject({
    outcome: 'refused',
    message: expect.stringMatching(/\.$/),
  })
})

test('one that never ends is refused', async () => {
  const token = await issuer.sign(good, { endless: true })
  expect(await verify(token)).toMatchObject({ outcome: 'refused' })
})

test('one without a signature, with another’s, or with a shared secret is refused', async () => {
  const claims = { ...good, iss: issuer.url, exp: inSeconds(60) }
  expect(await verify(new UnsecuredJWT(claims).encode())).toMatchObject({ outcome: 'refused' })
  const { privateKey } = await generateKeyPair('RS256')
  expect(await verify(await issuer.sign(good, { key: privateKey }))).toMatchObject({ outcome: 'refused' })
  const published = await (await fetch(issuer.jwksUrl)).text()
  const key = await crypto.subtle.importKey(
    'raw',
    Buffer.from(published),
    { name: 'HMAC', hash: 'SHA-256' },
    false,
    ['sign'],
  )
  expect(await verify(await issuer.sign(good, { key, alg: 'HS256' }))).toMatchObject({ outcome: 'refused' })
})

test('where the keys cannot be had, it is not known whether a token is good', async () => {
  const gone = await startIssuer()
  const verify = openTokens({ issuer: gone.url, audience: 'rides', jwksUrl: gone.jwksUrl }, Date.now)
  const token = await gone.sign(good)
  await gone[Symbol.asyncDispose]()
  expect(await verify(token)).toEqual({ outcome: 'unavailable' })
})

test('what is no token is seen before anybody is asked', () => {
  for (const text of ['', 'eyJ', 'slip_x', `eyJ${'x'.repeat(9_000)}.x.x`, 'eyJhbGciOiJ.a b.c'])
    expect(isToken(text)).toBe(false)
})

test('a subject’s rider is the UUID of RFC 9562, version 5', () => {
  // Python: uuid.uuid5(uuid.NAMESPACE_URL, 'https://issuer.example#ana')
  expect(uuidOfSubject('https://issuer.example', 'ana')).toBe('33305682-047d-5f04-ae9d-55c4a4735405')
})

test('which are over is told by the clock that is handed in, not by the machine’s', async () => {
  const yesterday = openTokens(
    { issuer: issuer.url, audience: 'rides', jwksUrl: issuer.jwksUrl },
    () => Date.now() - 86_400_000,
  )
  const over = await issuer.sign({ ...good, exp: inSeconds(-3_600) })
  expect(await verify(over)).toMatchObject({ outcome: 'refused' })
  expect(await yesterday(over)).toMatchObject({ outcome: 'good' })
})
