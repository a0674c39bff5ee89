import fc from 'fast-check'
import { expect, test } from 'vitest'
import { byWeight } from '#ride/track/thinning.ts'

/** A swing that dies away: of what is left, the furthest sample is always the next one. */
function dyingSwing(samples: number) {
  const time = Array.from({ length: samples }, (_, index) => index)
  return { time, swing: time.map((index) => (index % 2 === 0 ? 1 : -1) * (1 - index / samples)) }
}

/** The same, and how often an element of it is read. */
function counted(values: readonly number[]) {
  const count = { reads: 0 }
  const proxy = new Proxy(values, {
    get(target, key) {
      if (key !== 'length') count.reads++
      return Reflect.get(target, key)
    },
  })
  return { proxy, count }
}

const thinned = (order: readonly number[], resolution: number) =>
  order.slice(0, resolution).sort((a, b) => a - b)

test('a swing that dies away is thinned in little more looks than a ride', () => {
  const samples = 4_000
  const { time, swing } = dyingSwing(samples)
  const { proxy, count } = counted(time)
  expect([...byWeight(proxy, { shapes: [], extremes: [swing] })]).toHaveLength(samples)
  // One sample at a time it would be eight million. Two reads a look.
  expect(count.reads / 2).toBeLessThan(8 * samples * Math.ceil(Math.log2(samples)))
})

test('a swing that dies away keeps its ends, its highest and its lowest, and nothing that is wider than need be is left out', () => {
  const samples = 20_000
  const { time, swing } = dyingSwing(samples)
  const order = [...byWeight(time, { shapes: [], extremes: [swing] })]
  for (const resolution of [4, 100, 1_000, 10_000]) {
    const kept = thinned(order, resolution)
    const values = kept.map((index) => swing[index]!)
    expect([kept[0], kept.at(-1)]).toEqual([0, samples - 1])
    expect([Math.max(...values), Math.min(...values)]).toEqual([Math.max(...swing), Math.min(...swing)])
    // Hardly further off than if its first swings had been kept, the widest, and none of the others.
    expect(furthestOff(swing, kept)).toBeLessThan(1.05 * 2 * (1 - resolution / samples))
  }
})

/** How far the furthest sample is from the line through those that are kept, one a second. */
function furthestOff(values: readonly number[], kept: readonly number[]): number {
  let furthest = 0
  for (const [position, to] of kept.entries()) {
    const from = kept[Math.max(0, position - 1)]!
    for (let at = from + 1; at < to; at++) {
      const line = values[from]! + ((values[to]! - values[from]!) * (at - from)) / (to - from)
      furthest = Math.max(furthest, Math.abs(values[at]! - line))
    }
  }
  return furthest
}

test('every sample has its turn once, the ends and what was highest and lowest first', () => {
  const channel = fc.array(fc.option(fc.integer({ min: -50, max: 50 })), { minLength: 2, maxLength: 300 })
  fc.assert(
    fc.property(channel, (values) => {
      const time = values.map((_, index) => index)
      const order = [...byWeight(time, { shapes: [], extremes: [values] })]
      expect([...order].sort((a, b) => a - b)).toEqual(time)
      expect(order.slice(0, 2)).toEqual([0, time.length - 1])
      const measured = values.filter((value) => value !== null)
      if (measured.length === 0) return
      const first = order.slice(0, 4).map((index) => values[index])
      expect(first).toEqual(expect.arrayContaining([Math.max(...measured), Math.min(...measured)]))
    }),
  )
})
