import { describe, expect, it } from 'vitest'
import type { RideSummary } from '../../../web/rides/documents.ts'
import {
  addPage,
  dropRide,
  emptyRideList,
  putRide,
  type RidePage,
  refresh,
} from '../../../web/rides/ride-list.ts'

function ride(id: string, day: number, version = 1): RideSummary {
  return {
    id,
    version,
    cursor: `${id}:${version}`,
    status: 'FINISHED',
    title: id,
    startedAt: new Date(Date.UTC(2026, 0, day)).toISOString(),
    timeZone: null,
    rider: { id: 'rider', name: 'Anna' },
    progress: null,
    statistics: null,
  }
}

function page(rides: RideSummary[], hasNextPage: boolean): RidePage {
  return {
    edges: rides.map((node) => ({ node })),
    pageInfo: { hasNextPage, endCursor: rides.at(-1)?.cursor ?? null },
    totalCount: 9,
    totalCountIsExact: true,
  }
}

const ids = (list: { rides: readonly RideSummary[] }) => list.rides.map(({ id }) => id)

describe('the list of rides', () => {
  const first = addPage(emptyRideList, page([ride('d', 4), ride('c', 3)], true))
  const both = addPage(first, page([ride('b', 2), ride('a', 1)], false))

  it('continues page after page, newest first', () => {
    expect(ids(both)).toEqual(['d', 'c', 'b', 'a'])
    expect(both.hasMore).toBe(false)
  })

  it('shows a ride once, however often it came', () => {
    expect(ids(addPage(both, page([ride('b', 2)], false)))).toEqual(['d', 'c', 'b', 'a'])
  })

  it('keeps a newer version when an older answer comes late', () => {
    const newer = putRide(both, { ...ride('c', 3, 7), title: 'newer' })
    expect(putRide(newer, ride('c', 3, 6)).rides[1]?.title).toBe('newer')
  })

  it('takes in what is new on the first page and stays where further pages continue', () => {
    const middle = addPage(first, page([ride('b', 2)], true))
    const fresh = refresh(middle, [page([ride('e', 5), ride('d', 4)], true)])
    expect(ids(fresh)).toEqual(['e', 'd', 'c', 'b'])
    expect(fresh.endCursor).toBe('b:1')
  })

  it('lets go of what the first page ought to hold and does not', () => {
    expect(ids(refresh(both, [page([ride('d', 4), ride('b', 2)], true)]))).toEqual(['d', 'b', 'a'])
  })

  it('is empty when all there is was deleted', () => {
    expect(ids(refresh(both, [page([], false)]))).toEqual([])
  })

  it('lets go of what any of the pages that were asked for again ought to hold and does not', () => {
    const pages = [page([ride('d', 4), ride('c', 3)], true), page([ride('a', 1)], false)]
    expect(ids(refresh(both, pages))).toEqual(['d', 'c', 'a'])
  })

  it('shows of a finished ride what there is now, were it less than before', () => {
    const known = putRide(both, { ...ride('c', 3, 9), title: 'whole' })
    const fresh = refresh(known, [page([ride('d', 4), { ...ride('c', 3, 4), title: 'less' }], true)])
    expect(fresh.rides.map(({ title }) => title)).toEqual(['d', 'less', 'b', 'a'])
  })

  it('drops one ride', () => {
    expect(ids(dropRide(both, 'c'))).toEqual(['d', 'b', 'a'])
  })
})
