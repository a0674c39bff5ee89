import { describe, expect, it } from 'vitest'
import {
  dropLatest,
  emptyLatest,
  findOver,
  putEnded,
  putNewest,
  shownLatest,
} from '../../../web/live/latest.ts'
import { beginMs, boardOf, liveRide, overRide } from './live-ride.ts'

const ids = (rides: readonly { id: string }[]) => rides.map(({ id }) => id)
const newest = ['f', 'e', 'd'].map((id) => overRide(id, 2))

describe('the latest rides', () => {
  it('are those that are over, the newest start first, though one of long ago was written just now', () => {
    const minute = (count: number) => ({ startedAt: new Date(beginMs + count * 60_000).toISOString() })
    let latest = putNewest(emptyLatest, [overRide('b', 2, minute(9)), overRide('a', 2, minute(5))])
    latest = putEnded(latest, overRide('new', 3, minute(10)))
    latest = putEnded(latest, overRide('old', 3, minute(-999)))
    expect(ids(shownLatest(latest, new Map()))).toEqual(['new', 'b', 'a', 'old'])
  })

  it('of one start are those that ended here, the last of them first', () => {
    let latest = putNewest(emptyLatest, [...newest, overRide('c', 1, { status: 'ACTIVE' })])
    latest = putEnded(latest, overRide('a', 3, { status: 'ENDED' }))
    latest = putEnded(latest, overRide('b', 3, { status: 'ENDED' }))
    expect(ids(shownLatest(latest, new Map()))).toEqual(['b', 'a', 'f', 'e', 'd'])
    expect(ids(shownLatest(latest, boardOf(liveRide('f', 3))))).toEqual(['b', 'a', 'e', 'd'])
  })

  it('are a handful', () => {
    const many = Array.from({ length: 20 }, (_, index) => overRide(String(index), 1))
    expect(shownLatest(putNewest(emptyLatest, many), new Map())).toHaveLength(8)
  })

  it('are seen to become finished, and never to go back', () => {
    const ended = putEnded(emptyLatest, overRide('a', 3, { status: 'ENDED' }))
    const finished = putEnded(ended, overRide('a', 4))
    expect(findOver(finished, 'a')?.status).toBe('FINISHED')
    expect(findOver(putEnded(finished, overRide('a', 3, { status: 'ENDED' })), 'a')?.status).toBe('FINISHED')
    expect(findOver(putNewest(ended, [overRide('a', 4)]), 'a')?.status).toBe('FINISHED')
  })

  it('do not have a ride that only left the board for a moment, nor one that was deleted', () => {
    const back = putEnded(emptyLatest, overRide('a', 3, { status: 'ACTIVE' }))
    expect(back.ended).toEqual([])
    expect(
      shownLatest(dropLatest(putNewest(emptyLatest, newest), 'e'), new Map()).map(({ id }) => id),
    ).toEqual(['f', 'd'])
  })

  it('of a finished ride show what is shown of it now, though that is of a lower version', () => {
    const known = putEnded(emptyLatest, overRide('a', 9, { title: 'All of it' }))
    expect(findOver(putEnded(known, overRide('a', 4, { title: 'Less' })), 'a')?.title).toBe('Less')
  })

  it('do not grow without end', () => {
    let latest = emptyLatest
    for (let index = 0; index < 500; index++) latest = putEnded(latest, overRide(String(index), 1))
    expect(latest.ended).toHaveLength(100)
    expect(latest.ended[0]?.id).toBe('499')
  })
})
