import { expect, test } from 'vitest'
import { createWidth } from '#projections/width.ts'

test('batches grow while they are done soon, up to a bound, and shrink where they take long', () => {
  const width = createWidth(100)
  const grown = [50, 50, 50, 50, 50].map((ms) => {
    width.took(ms)
    return width.now
  })
  expect(grown).toEqual([200, 400, 400, 400, 400])
  const shrunk = [200, 1_000, 1_000, 1_000, 200].map((ms) => {
    width.took(ms)
    return width.now
  })
  expect(shrunk).toEqual([400, 200, 100, 50, 50])
  for (let time = 0; time < 20; time++) width.took(10_000)
  expect(width.now).toBe(5)
})

test('a batch that fails is narrowed to one event, and what follows it is as wide as before', () => {
  const width = createWidth(20)
  const narrowed: number[] = []
  for (let events = width.now; events > 1; events = width.now) {
    width.narrow(events)
    narrowed.push(width.now)
  }
  expect(narrowed).toEqual([10, 5, 2, 1])
  expect(width.isNarrowed).toBe(true)
  // How long so few take says nothing.
  width.took(1)
  expect(width.now).toBe(1)
  while (width.isNarrowed) width.widen()
  expect(width.now).toBe(20)
})
