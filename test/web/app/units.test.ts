import { describe, expect, it } from 'vitest'
import { createUnits } from '../../../web/app/units.ts'

function storageWith(stored: string | null) {
  const kept = new Map(stored === null ? [] : [['slipstream.units', stored]])
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  }
}

const alone = () => {}

describe('the units are', () => {
  it.each([
    ['en-US', 'imperial'],
    ['en-GB', 'imperial'],
    ['de-CH', 'metric'],
    ['sl', 'metric'],
    ['', 'metric'],
  ])('in a browser that speaks %j %s until somebody chooses', (language, units) => {
    expect(createUnits(storageWith(null), language, alone).choice.get()).toBe(units)
  })

  it('those that were chosen here before', () => {
    const storage = storageWith(null)
    createUnits(storage, 'en-US', alone).choose('metric')
    expect(createUnits(storage, 'en-US', alone).choice.get()).toBe('metric')
  })

  it('the usual ones where what was kept is none of them', () => {
    expect(createUnits(storageWith('furlongs'), 'fr-FR', alone).choice.get()).toBe('metric')
  })

  it('those that another tab has chosen since', () => {
    const storage = storageWith(null)
    const tellings: (() => void)[] = []
    const units = createUnits(storage, 'de-CH', (_, read) => void tellings.push(read))
    let told = 0
    units.choice.subscribe(() => (told += 1))
    createUnits(storage, 'de-CH', alone).choose('imperial')
    for (const tell of tellings) tell()
    expect([units.choice.get(), told]).toEqual(['imperial', 1])
  })
})
