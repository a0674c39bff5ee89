import { describe, expect, it } from 'vitest'
import { foldText } from '../../../web/live/fold-text.ts'
import { applyLiveRides } from '../../../web/live/live-board.ts'
import { countByStatus, findEnded, listEnded, listLive, type Wanted } from '../../../web/live/live-filter.ts'
import { after, beginMs, boardOf, change, liveRide, overRide } from './live-ride.ts'

const minute = (count: number) => new Date(beginMs + count * 60_000).toISOString()
const rider = (name: string) => ({ rider: { id: name, name } })
const snapshot = boardOf(
  liveRide('1', 1, { title: 'Na Šmarno goro', ...rider('Žiga'), startedAt: minute(1) }),
  liveRide('2', 1, { title: 'Evening loop', ...rider('anna'), startedAt: minute(3), status: 'PAUSED' }),
  liveRide('3', 1, { title: 'Loop 10', ...rider('Bert'), startedAt: minute(2) }),
  liveRide('4', 1, { title: 'Loop 9', ...rider('Anna'), startedAt: minute(2) }),
)
const board = applyLiveRides(
  snapshot,
  change({
    rides: [
      liveRide('3', 2, { title: 'Loop 10', ...rider('Bert'), startedAt: minute(2), updatedAt: minute(3) }),
    ],
  }),
  after(180),
).board
const ended = [overRide('5', 9, { title: 'Over the pass', ...rider('Anna') })]
const list = (wanted: Partial<Wanted>) =>
  listLive(board, { text: '', status: null, order: 'newest', ...wanted }).map(({ ride }) => ride.rideId)

describe('a search', () => {
  it('finds words of the title and of the name, in any order, without regard to case and marks', () => {
    expect(list({ text: 'smarno ZIGA' })).toEqual(['1'])
    expect(list({ text: ' loop  anna ' })).toEqual(['2', '4'])
    expect(list({ text: 'anna 10' })).toEqual([])
    expect(foldText('Straße Łódź Århus Øst')).toBe('strasse lodz arhus ost')
  })

  it('finds those that ended too', () => {
    expect(findEnded(ended, 'PASS')).toEqual(ended)
    expect(findEnded(ended, 'loop')).toEqual([])
  })
})

describe('the list', () => {
  it('shows the newest start first, of two that began together always the same', () => {
    expect(list({})).toEqual(['2', '3', '4', '1'])
  })

  it('is ordered by rider or by title as people order names', () => {
    expect(list({ order: 'rider' })).toEqual(['2', '4', '3', '1'])
    expect(list({ order: 'title' })).toEqual(['2', '4', '3', '1'])
  })

  it('does not change its order because rides move', () => {
    const rides = ['4', '3', '1'].map((id) => {
      const { ride } = board.get(id) ?? {}
      return { ...ride, ...liveRide(id, 9), ...(ride && { startedAt: ride.startedAt }) }
    })
    const moved = applyLiveRides(board, change({ rides }), after(200)).board
    const ids = listLive(moved, { text: '', status: null, order: 'newest' }).map(({ ride }) => ride.rideId)
    expect(ids).toEqual(['2', '3', '4', '1'])
  })

  it('is narrowed to a status', () => {
    expect(list({ status: 'paused' })).toEqual(['2'])
    expect(list({ status: 'active' })).toEqual(['3', '4', '1'])
    expect(list({ status: 'ended' })).toEqual([])
  })
})

describe('the list of those that ended', () => {
  const rides = [
    overRide('5', 9, { title: 'Over the pass', ...rider('Bert'), startedAt: minute(1) }),
    overRide('6', 9, { title: 'Canal', ...rider('Žiga'), startedAt: minute(9) }),
    overRide('7', 9, { title: 'Quarry', ...rider('Anna'), startedAt: minute(5) }),
  ]

  it.each([
    ['newest', ['6', '7', '5']],
    ['rider', ['7', '5', '6']],
    ['title', ['6', '5', '7']],
  ] as const)('has the order of the others (%s)', (order, ids) => {
    expect(listEnded(rides, { text: '', status: 'ended', order }).map(({ id }) => id)).toEqual(ids)
  })
})

describe('the counts', () => {
  it('are of what the search finds; what ended is not in progress', () => {
    expect(countByStatus(board, ended, '')).toEqual({ all: 4, active: 3, paused: 1, stale: 0, ended: 1 })
    expect(countByStatus(board, ended, 'anna')).toEqual({ all: 2, active: 1, paused: 1, stale: 0, ended: 1 })
    expect(countByStatus(board, ended, 'nobody')).toEqual({
      all: 0,
      active: 0,
      paused: 0,
      stale: 0,
      ended: 0,
    })
  })
})
