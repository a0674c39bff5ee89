import { describe, expect, it } from 'vitest'
import type { LiveRide, LiveRidesChange } from '../../../web/live/documents.ts'
import { applyLiveRides, byStart, type LiveBoard } from '../../../web/live/live-board.ts'

function ride(rideId: string, version: number, minute = 0): LiveRide {
  const startedAt = new Date(Date.UTC(2026, 4, 1, 10, minute)).toISOString()
  return {
    rideId,
    version,
    status: 'ACTIVE',
    title: rideId,
    rider: { id: 'rider', name: 'Anna' },
    startedAt,
    updatedAt: startedAt,
    position: null,
    progress: null,
  }
}

function change(news: Partial<LiveRidesChange>): LiveRidesChange {
  return { snapshot: false, rides: [], removed: [], ...news }
}

const board: LiveBoard = new Map([
  ['a', ride('a', 3)],
  ['b', ride('b', 5, 1)],
])

describe('the live board', () => {
  it('is replaced by a snapshot, which also says who left', () => {
    const next = applyLiveRides(board, change({ snapshot: true, rides: [ride('b', 6), ride('c', 1)] }))
    expect([...next.board.keys()]).toEqual(['b', 'c'])
    expect(next.left).toEqual(['a'])
  })

  it('takes what changed and lets go of what was removed', () => {
    const next = applyLiveRides(board, change({ rides: [ride('c', 1)], removed: ['b'] }))
    expect([...next.board.keys()]).toEqual(['a', 'c'])
    expect(next.left).toEqual(['b'])
  })

  it('never goes back to an older version', () => {
    const next = applyLiveRides(board, change({ snapshot: true, rides: [ride('a', 2), ride('b', 6)] }))
    expect([...next.board.values()].map(({ version }) => version)).toEqual([3, 6])
  })

  it('lists the newest start first', () => {
    expect(byStart(board).map(({ rideId }) => rideId)).toEqual(['b', 'a'])
  })
})
