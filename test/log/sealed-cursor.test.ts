import { Buffer } from 'node:buffer'
import { createHmac, randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { readCursor } from '#log/cursor.ts'
import { type SealedCursor, writeSealedCursor } from '#log/sealed-cursor.ts'

function logOf(key: string, incarnation: string = randomUUID()) {
  const hash = (content: string) => createHmac('sha256', key).update(content).digest('hex').slice(0, 32)
  return { incarnation, partitions: 1, hash }
}
const log = logOf('the log')
const cursor: SealedCursor = {
  streamId: randomUUID(),
  version: 17,
  position: 2 ** 40 + 1,
  view: 3,
  part: 1,
}

describe('a sealed cursor', () => {
  test('is read as it was written, and the same each time', () => {
    const text = writeSealedCursor(log, cursor)
    expect(readCursor(log, text)).toEqual({ outcome: 'sealed', cursor })
    expect(writeSealedCursor(log, cursor)).toBe(text)
    const atPosition = { ...cursor, version: null }
    expect(readCursor(log, writeSealedCursor(log, atPosition))).toEqual({
      outcome: 'sealed',
      cursor: atPosition,
    })
  })

  test('tells nothing of what is in it, not even that two are one event apart', () => {
    const texts = [cursor, { ...cursor, version: 18 }].map((each) =>
      Buffer.from(writeSealedCursor(log, each), 'base64url'),
    )
    expect(texts[0]).toHaveLength(texts[1]!.length)
    expect(texts[0]!.toString('hex')).not.toContain(cursor.streamId.replaceAll('-', '').slice(0, 8))
    const same = texts[0]!.filter((byte, index) => byte === texts[1]![index])
    expect(same.length).toBeLessThan(10)
  })

  test('with any bit changed, of another log or another incarnation is unknown', () => {
    const text = writeSealedCursor(log, cursor)
    const bytes = Buffer.from(text, 'base64url')
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const changed = Buffer.from(bytes)
      changed[bit >> 3]! ^= 1 << (bit & 7)
      expect(readCursor(log, changed.toString('base64url'))).toEqual({ outcome: 'unknown' })
    }
    expect(readCursor(logOf('another', log.incarnation), text)).toEqual({ outcome: 'unknown' })
    expect(readCursor(logOf('the log'), text)).toEqual({ outcome: 'unknown' })
  })
})
