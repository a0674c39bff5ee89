/** Whether the database has room, as those who fail for want of it say. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { openRoom } from '#database/room.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const diskFull = () => Object.assign(new Error('could not extend file'), { code: '53100' })

test('a full disk is said once, and again when nothing was refused for ten seconds', () => {
  const said: string[] = []
  using room = openRoom({ onFull: () => said.push('full'), onEnough: () => said.push('enough') })
  room.failed(Object.assign(new Error('duplicate key'), { code: '23505' }))
  room.failed(new Error('Connection terminated'))
  expect(room.isFull).toBe(false)
  for (let seconds = 0; seconds < 30; seconds += 5) {
    room.failed(diskFull())
    vi.advanceTimersByTime(5_000)
    expect(room.isFull).toBe(true)
  }
  expect(said).toEqual(['full'])
  vi.advanceTimersByTime(5_000)
  expect(room.isFull).toBe(false)
  expect(said).toEqual(['full', 'enough'])
})
