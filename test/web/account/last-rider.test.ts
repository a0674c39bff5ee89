import { expect, it } from 'vitest'
import { lastRider, setLastRider } from '../../../web/account/last-rider.ts'
import { memoryStorage } from '../record/memory-store.ts'

it('tabs are told only where somebody else was signed in before', () => {
  const storage = memoryStorage()
  expect(setLastRider(storage, 'ana')).toBe(false)
  expect(setLastRider(storage, 'ana')).toBe(false)
  expect(setLastRider(storage, 'bob')).toBe(true)
  expect(lastRider(storage)).toBe('bob')
  expect(setLastRider(storage, null)).toBe(true)
  expect(lastRider(storage)).toBeNull()
})
