import { expect, test } from 'vitest'
import { holdOrder } from '../../../web/live/steady-order.ts'

test('rows that are held stay in their places, also those of rides that left; new ones come behind them', () => {
  expect(holdOrder(['a', 'b', 'c'], ['n', 'a', 'c'])).toEqual(['a', 'b', 'c', 'n'])
  expect(holdOrder(['a', 'b'], ['b', 'a'])).toEqual(['a', 'b'])
})

test('rows that nothing has changed are the same rows', () => {
  const rows = ['a', 'b']
  expect(holdOrder(rows, ['a', 'b'])).toBe(rows)
})
