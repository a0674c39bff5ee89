import { expect, test } from 'vitest'
import { quantile } from './quantile.ts'
import { inTurn, median, mediansOf, under } from './rounds.ts'

test('a quantile is the smallest value that so many do not exceed', () => {
  expect(quantile([5, 1, 4, 2, 3], 0.5)).toBe(3)
  expect(quantile([5, 1, 4, 2, 3], 0.99)).toBe(5)
  expect(quantile([7], 0)).toBe(7)
  expect(quantile([], 0.5)).toBeNaN()
})

test('a median of an even number is between the two in the middle', () => {
  expect(median([9, 1, 3])).toBe(3)
  expect(median([9, 1, 3, 5])).toBe(4)
})

test('sides are measured in turn, round by round, and the medians are told', async () => {
  const order: string[] = []
  const turn = (name: string, values: readonly number[]) => ({
    name,
    async take(round: number) {
      order.push(`${name}${round}`)
      return under(name, { perSecond: values[round - 1]! })
    },
  })
  const figures = await inTurn(3, [turn('a', [1, 9, 2]), turn('b', [4, 6, 5])], () => undefined)
  expect(order).toEqual(['a1', 'b1', 'a2', 'b2', 'a3', 'b3'])
  expect(figures).toEqual({ 'a.perSecond': 2, 'b.perSecond': 5 })
})

test('a figure that some rounds lack is the median of the others', () => {
  expect(mediansOf([{ a: 1 }, { a: 3, b: 8 }, { a: 2 }])).toEqual({ a: 2, b: 8 })
})
