import { expect, test } from 'vitest'
import { boundingBoxOf, cutAtAntimeridian } from '#ride/track/antimeridian.ts'

const line = (...places: readonly (readonly [longitude: number, latitude: number])[]) =>
  places.map(([longitude, latitude], index) => ({
    at: index * 1000,
    longitude,
    latitude,
    altitude: 10 * index,
  }))

test('a line over the 180th meridian ends on it and begins on it again, half way where it is half way', () => {
  expect(cutAtAntimeridian(line([179.99, 0], [-179.99, 1]))).toEqual([
    [
      { at: 0, longitude: 179.99, latitude: 0, altitude: 0 },
      { at: 500, longitude: 180, latitude: 0.5, altitude: 5 },
    ],
    [
      { at: 500, longitude: -180, latitude: 0.5, altitude: 5 },
      { at: 1000, longitude: -179.99, latitude: 1, altitude: 10 },
    ],
  ])
})

test('there and back makes three parts, and a line that does not cross stays as it is', () => {
  expect(cutAtAntimeridian(line([179.99, 0], [-179.99, 0], [179.98, 0])).map((part) => part.length)).toEqual([
    2, 3, 2,
  ])
  const inland = line([14, 46], [14.1, 46], [14.2, 46.1])
  expect(cutAtAntimeridian(inland)).toEqual([inland])
})

test('a fix on the meridian is not doubled', () => {
  const parts = cutAtAntimeridian(line([179.99, 0], [180, 0], [-179.99, 0]))
  for (const part of parts) expect(new Set(part.map(({ at }) => at)).size).toBe(part.length)
})

test.each([
  ['inland', [line([14, 46], [14.2, 46.1])], { west: 14, south: 46, east: 14.2, north: 46.1 }],
  ['over the meridian', [line([179.9, 1], [-179.8, -1])], { west: 179.9, south: -1, east: -179.8, north: 1 }],
  [
    'on both sides of it, in two lines',
    [line([179.5, 1], [179.9, 1]), line([-179.9, 0], [-179.8, 0])],
    { west: 179.5, south: 0, east: -179.8, north: 1 },
  ],
  [
    'in two lines far apart',
    [line([-10, 0], [-9, 0]), line([10, 0], [11, 0])],
    { west: -10, south: 0, east: 11, north: 0 },
  ],
] as const)('the box of what is ridden %s', (_, lines, box) => {
  expect(boundingBoxOf(lines)).toEqual(box)
})

test('nothing has no box', () => {
  expect(boundingBoxOf([])).toBe(undefined)
})
