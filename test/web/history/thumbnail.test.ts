import { expect, test } from 'vitest'
import { encodePolyline } from '#api/polyline.ts'
import { thumbnailOf } from '../../../web/history/thumbnail.ts'

const box = { width: 100, height: 60, margin: 5 }

function pointsOf(path: string): [number, number][] {
  return [...path.matchAll(/[ML](-?[\d.]+) (-?[\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)])
}

test('a route fills its box, north up and undistorted', () => {
  // At 60° north a degree of longitude is half as long as one of latitude: this is a square.
  const line = encodePolyline([
    [10, 60],
    [10.02, 60],
    [10.02, 60.01],
    [10, 60.01],
    [10, 60],
  ])
  const drawn = thumbnailOf([line], box)
  const points = pointsOf(drawn?.path ?? '')
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)]
  expect([Math.min(...ys), Math.max(...ys)]).toEqual([5, 55])
  expect(Math.max(...xs) - Math.min(...xs)).toBeCloseTo(50, 0)
  expect((Math.max(...xs) + Math.min(...xs)) / 2).toBeCloseTo(50, 0)
  // It begins in the south-west, which is lower left.
  expect(drawn?.start).toEqual(points[0])
  expect(points[0]?.[1]).toBe(55)
  expect(points[0]?.[0]).toBeLessThan(30)
})

test('each stretch is a line of its own', () => {
  const lines = [
    [
      [7, 46],
      [7.1, 46],
    ],
    [
      [7.1, 46.1],
      [7, 46.1],
    ],
  ].map((line) => encodePolyline(line as [number, number][]))
  expect(thumbnailOf(lines, box)?.path.match(/M/g)).toHaveLength(2)
})

test('a route across the 180th meridian is not torn apart', () => {
  const lines = [
    [
      [179.9, -17],
      [180, -17.05],
    ],
    [
      [-180, -17.05],
      [-179.9, -17],
    ],
  ].map((line) => encodePolyline(line as [number, number][]))
  const xs = pointsOf(thumbnailOf(lines, box)?.path ?? '').map(([x]) => x)
  expect(xs).toEqual([...xs].sort((a, b) => a - b))
  expect(xs[1]).toBeCloseTo(50, 0)
})

test('what is too small for the eye is not drawn, but the end is', () => {
  const line = Array.from({ length: 2_001 }, (_, index): [number, number] => [7 + index / 10_000, 46])
  const points = pointsOf(thumbnailOf([encodePolyline(line)], box)?.path ?? '')
  expect(points.length).toBeLessThan(160)
  expect(points.at(-1)?.[0]).toBe(95)
})

test('of nothing, and of one place, there is no drawing', () => {
  expect(thumbnailOf([], box)).toBeNull()
  expect(thumbnailOf([encodePolyline([[7, 46]])], box)).toBeNull()
})
