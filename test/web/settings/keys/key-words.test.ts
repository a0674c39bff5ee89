import { expect, it } from 'vitest'
import { usageOf } from '../../../../web/settings/keys/key-words.ts'

const now = new Date(2026, 10, 22, 9)
const key = { scopes: ['RIDES_READ', 'RIDES_WRITE'] as const, lastUsedAt: null, expiresAt: null }
const at = (...day: [number, number, number, number?]) => new Date(...day).toISOString()

it.each([
  [{}, 'reads, changes · never used'],
  [{ lastUsedAt: at(2026, 10, 22, 0) }, 'reads, changes · used today'],
  [{ lastUsedAt: at(2026, 10, 21, 23) }, 'reads, changes · used yesterday'],
  [{ lastUsedAt: at(2026, 10, 12) }, 'reads, changes · used 10 days ago'],
  [{ lastUsedAt: at(2026, 2, 3) }, 'reads, changes · used 3 Mar 2026'],
  [{ expiresAt: at(2027, 2, 3) }, 'reads, changes · never used · until 3 Mar 2027'],
  [{ expiresAt: at(2026, 10, 22, 8) }, 'reads, changes · never used · expired'],
  [{ scopes: ['ADMIN'] as const }, 'administers · never used'],
])('a key is told in a few words: %j', (more, words) => {
  const { scopes, ...rest } = { ...key, ...more }
  expect(usageOf({ ...rest, scopes: [...scopes] }, now)).toBe(words)
})
