import { expect, test } from 'vitest'
import { linear, logarithmic, svgOf } from './plot.ts'

test('a linear scale goes from 0 to a round number behind the largest value', () => {
  const { share, ticks } = linear([0.3, 4.1])
  expect(ticks).toEqual([0, 1, 2, 3, 4, 5])
  expect(share(0)).toBe(0)
  expect(share(2.5)).toBe(0.5)
  expect(linear([10_000]).ticks).toEqual([0, 2_000, 4_000, 6_000, 8_000, 10_000])
  expect(linear([0.3]).ticks.at(-1)).toBeCloseTo(0.3)
})

test('a logarithmic scale has a tick a decade, and 0 at its left end', () => {
  const { share, ticks } = logarithmic([10, 1_000, 10_000])
  expect(ticks).toEqual([10, 100, 1_000, 10_000])
  expect(share(100)).toBeCloseTo(1 / 3)
  expect(share(0)).toBe(0)
  expect(share(10_000)).toBe(1)
})

test('a plot stands by itself, within its frame, in light and dark', () => {
  const svg = svgOf({
    name: 'costs',
    title: 'Cost of <all> & sundry',
    x: { label: 'rides', isLogarithmic: true },
    y: { label: 'ms' },
    series: [
      {
        name: 'p50',
        points: [
          [10, 1],
          [1_000, 2],
        ],
      },
    ],
  })
  expect(svg).toContain('Cost of &lt;all> &amp; sundry')
  expect(svg).toContain('prefers-color-scheme:dark')
  const points = [...svg.matchAll(/<circle cx="([\d.]+)" cy="([\d.]+)" r="3"/g)].map(([, x, y]) => [
    Number(x),
    Number(y),
  ])
  expect(points).toHaveLength(2)
  for (const [x, y] of points) {
    expect(x).toBeGreaterThanOrEqual(64)
    expect(x).toBeLessThanOrEqual(604)
    expect(y).toBeGreaterThanOrEqual(72)
    expect(y).toBeLessThanOrEqual(288)
  }
  // Twice as much is higher up.
  expect(points[1]![1]).toBeLessThan(points[0]![1]!)
})
