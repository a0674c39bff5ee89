import { expect, test } from 'vitest'
import { saturate } from './saturation.ts'
import { flatness } from './soak.ts'

test('the offered rate is raised until no more is delivered, and the most is told', async () => {
  const offered: number[] = []
  const best = await saturate({
    from: 100,
    async deliver(rate) {
      offered.push(rate)
      return Math.min(rate, 250) * 500
    },
  })
  expect(best.delivered).toBe(125_000)
  expect(best.rate).toBeGreaterThanOrEqual(250)
  // What 274 deliver is delivered at two steps more as well: that is enough to know.
  expect(offered).toEqual([100, 140, 196, 274, 384, 538])
})

test('one bad moment is no end', async () => {
  let step = 0
  const best = await saturate({ from: 10, deliver: async (rate) => (++step === 2 ? 1 : Math.min(rate, 30)) })
  expect(best.delivered).toBe(30)
})

test('memory is flat where the last third is no more than a tenth above the second', () => {
  const thirds = (first: number, second: number, last: number) => [
    ...Array.from({ length: 10 }, () => first),
    ...Array.from({ length: 10 }, () => second),
    ...Array.from({ length: 10 }, () => last),
  ]
  // Warming up is no growth.
  expect(flatness('heap', thirds(10, 200, 205), 0)).toMatchObject({ second: 200, last: 205, isFlat: true })
  expect(flatness('heap', thirds(10, 200, 230), 0).isFlat).toBe(false)
  expect(flatness('delay', thirds(1, 2, 9), 10).isFlat).toBe(true)
})
