import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import { openVault } from '#webhooks/vault.ts'

const logOf = (key: string) => ({
  hash: (content: string) => createHmac('sha256', key).update(content).digest('hex').slice(0, 32),
})
const log = logOf('of the log')
const authSecret = 'a secret of the environment, long enough'

test('what was sealed is opened with the same key, for whom it was sealed, and by nobody else', () => {
  const vault = openVault(log, authSecret)
  const sealed = vault.seal('whsec_abc', 'mine')
  expect(sealed).not.toContain('abc')
  expect(openVault(log, authSecret).open(sealed, 'mine')).toBe('whsec_abc')
  expect(vault.open(sealed, 'yours')).toBeUndefined()
  expect(openVault(log, `${authSecret}, another`).open(sealed, 'mine')).toBeUndefined()
  expect(openVault(log, undefined).open(sealed, 'mine')).toBeUndefined()
  expect(vault.open('', 'mine')).toBeUndefined()
})

test('what was sealed is not opened when a single bit of it is another', () => {
  const vault = openVault(log, authSecret)
  const [name, written = ''] = vault.seal('whsec_abc', 'mine').split('.')
  const bytes = Buffer.from(written, 'base64url')
  for (let bit = 0; bit < 8 * bytes.length; bit++) {
    const other = Buffer.from(bytes)
    other[bit >> 3]! ^= 1 << (bit & 7)
    expect(vault.open(`${name}.${other.toString('base64url')}`, 'mine'), `bit ${bit}`).toBeUndefined()
  }
  expect(vault.open(`${name}.${written}`, 'mine')).toBe('whsec_abc')
})

test('the same secret looks different each time', () => {
  const vault = openVault(log, authSecret)
  expect(vault.seal('whsec_abc', 'mine')).not.toBe(vault.seal('whsec_abc', 'mine'))
})

test('a server that gets an AUTH_SECRET still reads what it sealed without one', () => {
  const sealed = openVault(log, undefined).seal('whsec_abc', 'mine')
  expect(openVault(log, authSecret).open(sealed, 'mine')).toBe('whsec_abc')
  expect(openVault(logOf('of another log'), authSecret).open(sealed, 'mine')).toBeUndefined()
})
