/** What a process appends reaches its follower without being read back, and nothing is passed over for it. */
import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import type { AppendEntry, AppendResult } from '#log/append.ts'
import { keepOwnAppends } from '#log/own-events.ts'

function entry(events: number): AppendEntry {
  return {
    streamId: randomUUID(),
    streamType: 'thing',
    expectedVersion: 0,
    state: '{}',
    events: Array.from({ length: events }, () => ({
      eventId: randomUUID(),
      type: 'Happened',
      schemaVersion: 1,
      contentHash: '00',
      data: '1',
      metadata: null,
    })),
  }
}

function appendedAt(firstPosition: number): AppendResult {
  return { outcome: 'appended', firstVersion: 1, firstPosition }
}

const positions = (taken: ReturnType<ReturnType<typeof keepOwnAppends>['takeBehind']>) =>
  taken.map(({ firstPosition }) => firstPosition)

test('only what stands right behind a position is taken, and what was passed is let go of', () => {
  const own = keepOwnAppends()
  own.follow(() => undefined)
  own.keep([entry(2), entry(1)], [appendedAt(11), appendedAt(13)], 0)
  own.keep([entry(1)], [appendedAt(15)], 0)
  expect(positions(own.takeBehind(9))).toEqual([])
  expect(own.next).toBe(11)
  expect(positions(own.takeBehind(10))).toEqual([11, 13])
  // Position 14 is somebody else's.
  expect(positions(own.takeBehind(13))).toEqual([])
  expect(own.next).toBe(15)
  expect(positions(own.takeBehind(15))).toEqual([])
  expect(own.next).toBeUndefined()
})

test('what was not appended is not kept, nor anything while nobody follows', () => {
  const own = keepOwnAppends()
  let told = 0
  own.keep([entry(1)], [appendedAt(1)], 0)
  const stop = own.follow(() => told++)
  own.begin()
  own.keep([entry(1), entry(1)], [{ outcome: 'gone' }, appendedAt(2)], 0)
  expect(positions(own.takeBehind(1))).toEqual([2])
  own.end()
  expect([told, own.begun, own.done]).toEqual([1, 1, 1])
  own.keep([entry(1)], [appendedAt(3)], 0)
  stop()
  expect(own.next).toBeUndefined()
})

test('a follower that is far behind finds only the newest: the rest is in the log', () => {
  const own = keepOwnAppends()
  own.follow(() => undefined)
  const large = { ...entry(1), state: 'x'.repeat(50_000) }
  for (let position = 1; position <= 2_000; position++) own.keep([large], [appendedAt(position)], 0)
  expect(own.next).toBeGreaterThan(2_000 - 200)
  expect(positions(own.takeBehind(1_999))).toEqual([2_000])
  expect(own.next).toBeUndefined()
})
