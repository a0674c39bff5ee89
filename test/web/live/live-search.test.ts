import { describe, expect, it } from 'vitest'
import {
  keeping,
  keepingAll,
  validateLiveSearch,
  wantedOf,
  withoutChoice,
  withoutFilter,
} from '../../../web/live/live-search.ts'

const ride = '6f1c2a34-5b6d-4e7f-8a90-b1c2d3e4f506'

describe('the address of the live page', () => {
  it('says which ride is chosen, what is sought and in which order', () => {
    const said = { ride, q: 'anna', status: 'paused', sort: 'rider', keep: 'ride' } as const
    expect(validateLiveSearch(said)).toEqual(said)
    expect(wantedOf(said)).toEqual({ text: 'anna', status: 'paused', order: 'rider' })
    expect(wantedOf({})).toEqual({ text: '', status: null, order: 'newest' })
  })

  it('leaves out what cannot be read', () => {
    expect(validateLiveSearch({ ride: 'x', q: '', status: 'gone', sort: 'newest', keep: 'ride' })).toEqual({})
    expect(validateLiveSearch({ ride: [ride], q: { a: 1 }, status: 1, sort: null })).toEqual({})
  })

  it('takes a number that was typed for the words that it is', () => {
    expect(validateLiveSearch({ q: 2026 })).toEqual({ q: '2026' })
    expect(validateLiveSearch({ q: 'a'.repeat(500) }).q).toHaveLength(80)
  })
})

describe('what is kept in view', () => {
  const moved = { ride, q: 'a', map: '46.0,7.0,9.00', follow: false } as const

  it('is one ride or all, from where somebody had moved the map', () => {
    expect(keeping(moved)).toEqual({ ride, q: 'a', keep: 'ride' })
    expect(keepingAll({ ...moved, keep: 'ride' })).toEqual({ ride, q: 'a' })
  })

  it('is not the ride that is chosen no more', () => {
    expect(withoutChoice({ ...moved, keep: 'ride' })).toEqual({ q: 'a', map: '46.0,7.0,9.00', follow: false })
    expect(withoutFilter({ ...moved, status: 'stale' })).toEqual({
      ride,
      map: '46.0,7.0,9.00',
      follow: false,
    })
  })
})
