import { createHmac, randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { shareOf, tokenOf } from '#rights/share-token.ts'

const keyed = (key: string) => ({
  hash: (content: string) => createHmac('sha256', key).update(content).digest('hex').slice(0, 32),
})
const log = keyed('the log')
const share = { rideId: randomUUID(), shareId: randomUUID() }

describe('the token of a share link', () => {
  test('names the ride and the share, and is the same each time', () => {
    expect(shareOf(log, tokenOf(log, share))).toEqual(share)
    expect(tokenOf(log, share)).toBe(tokenOf(log, { ...share }))
    expect(tokenOf(log, share)).toMatch(/^[\w-]{64}$/)
  })

  test('is good with the log that it is of, and no other', () => {
    expect(shareOf(keyed('another'), tokenOf(log, share))).toBeUndefined()
  })

  test('is refused with any of its characters changed', () => {
    const token = tokenOf(log, share)
    for (let index = 0; index < token.length; index++) {
      const other = token[index] === 'A' ? 'B' : 'A'
      expect(shareOf(log, token.slice(0, index) + other + token.slice(index + 1))).toBeUndefined()
    }
  })

  test.each(['', 'x', 'é'.repeat(64), 'A'.repeat(64), 'A'.repeat(100_000)])('is not %.10s', (token) => {
    expect(shareOf(log, token)).toBeUndefined()
    expect(shareOf(log, `${tokenOf(log, share)}=`)).toBeUndefined()
    expect(shareOf(log, ` ${tokenOf(log, share)}`)).toBeUndefined()
  })
})
