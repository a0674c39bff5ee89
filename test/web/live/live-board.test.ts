import { describe, expect, it } from 'vitest'
import { applyLiveRides, datedByServer, judgeBoard } from '../../../web/live/live-board.ts'
import { after, boardOf, change, liveRide } from './live-ride.ts'

const board = boardOf(liveRide('a', 3), liveRide('b', 5))
const versions = (of: typeof board) => [...of.values()].map(({ ride }) => ride.version)

describe('the live board', () => {
  it('is replaced by a snapshot, which also says who left', () => {
    const rides = [liveRide('b', 6), liveRide('c', 1)]
    const next = applyLiveRides(board, change({ snapshot: true, rides }), after(1))
    expect([...next.board.keys()]).toEqual(['b', 'c'])
    expect(next.left.map(({ ride }) => ride.rideId)).toEqual(['a'])
  })

  it('takes what changed and lets go of what was removed', () => {
    const next = applyLiveRides(board, change({ rides: [liveRide('c', 1)], removed: ['b'] }), after(1))
    expect([...next.board.keys()]).toEqual(['a', 'c'])
    expect(next.left.map(({ ride }) => ride.rideId)).toEqual(['b'])
  })

  it('never goes back to an older version', () => {
    const rides = [liveRide('a', 2), liveRide('b', 6)]
    expect(versions(applyLiveRides(board, change({ snapshot: true, rides }), after(1)).board)).toEqual([3, 6])
  })

  it('keeps the entry of a ride that is told again as it was, and with it when it was heard of', () => {
    const heard = applyLiveRides(board, change({ rides: [liveRide('a', 4)] }), after(10)).board
    const again = applyLiveRides(
      heard,
      change({ snapshot: true, rides: [liveRide('a', 4)] }),
      after(20),
    ).board
    expect(again.get('a')).toBe(heard.get('a'))
  })

  it('says that a list has changed where a ride came, left, was renamed or paused, and not where it moved', () => {
    const isChanged = (news: Parameters<typeof change>[0]) =>
      applyLiveRides(board, change(news), after(1)).isListChanged
    expect(isChanged({ rides: [liveRide('c', 1)] })).toBe(true)
    expect(isChanged({ removed: ['a'] })).toBe(true)
    expect(isChanged({ rides: [liveRide('a', 4, { title: 'Home' })] })).toBe(true)
    expect(isChanged({ rides: [liveRide('a', 4, { status: 'PAUSED' })] })).toBe(true)
    const progress = { distance: 12, movingTime: 3, timerTime: 3, speed: 4 }
    expect(isChanged({ rides: [liveRide('a', 4, { progress })] })).toBe(false)
  })

  it('has heard nothing from the rider where only the title is another', () => {
    const { progress } = liveRide('a', 3)
    const edited = { title: 'Home', progress, updatedAt: new Date(after(300).serverMs).toISOString() }
    for (const snapshot of [false, true]) {
      const told = change({ snapshot, rides: [liveRide('a', 4, edited)] })
      const { board: next } = applyLiveRides(judgeBoard(board, after(299)), told, after(300))
      expect(next.get('a')).toMatchObject({ status: 'stale', ride: { title: 'Home' } })
    }
  })

  it('is the same board as long as time makes no ride stale', () => {
    expect(judgeBoard(board, after(59))).toBe(board)
    const judged = judgeBoard(
      applyLiveRides(board, change({ rides: [liveRide('b', 6)] }), after(30)).board,
      after(61),
    )
    expect([...judged.values()].map(({ status }) => status)).toEqual(['stale', 'active'])
  })
  it('says after a sleep by the clock of the server who was not heard of, and dates later news by its coming', () => {
    const heard = applyLiveRides(board, change({ rides: [liveRide('a', 4)] }), after(0)).board
    // Ten minutes, of which the steady clock counted one second.
    const woken = { steadyMs: after(1).steadyMs, serverMs: after(601).serverMs }
    expect(judgeBoard(heard, woken).get('a')?.status).toBe('active')
    const dated = datedByServer(heard, woken)
    expect([...dated.values()].map(({ status }) => status)).toEqual(['stale', 'stale'])
    const told = applyLiveRides(dated, change({ rides: [liveRide('a', 5)] }), woken).board
    expect([...told.values()].map(({ status }) => status)).toEqual(['active', 'stale'])
  })
})
