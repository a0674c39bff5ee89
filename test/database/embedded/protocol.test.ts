/** Cutting a byte stream into messages. */
import { describe, expect, it } from 'vitest'
import { int32, MessageReader, message, query, UnreadableMessage } from '#database/embedded/protocol.ts'

describe('a message', () => {
  it('is read from chunks of any size', () => {
    const startup = Buffer.concat([int32(12), int32(196_608), int32(0)])
    const all = Buffer.concat([startup, query('SELECT 1'), message('S'), query('é'.repeat(500))])
    for (const size of [1, 2, 3, 7, 64, all.length]) {
      const reader = new MessageReader(10_000)
      const read: Buffer[] = []
      for (let at = 0; at < all.length; at += size) {
        reader.push(all.subarray(at, at + size))
        for (;;) {
          const next = reader.next(read.length === 0 ? 4 : 5)
          if (!next) break
          read.push(next)
        }
      }
      expect(read).toEqual([startup, query('SELECT 1'), message('S'), query('é'.repeat(500))])
    }
  })

  it.each([-1, 3, 10_001])('that claims %i bytes is not read', (length) => {
    const reader = new MessageReader(10_000)
    reader.push(Buffer.concat([Buffer.from('Q'), int32(length), Buffer.alloc(8)]))
    expect(() => reader.next(5)).toThrow(UnreadableMessage)
  })
})
