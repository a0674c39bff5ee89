import { describe, expect, it } from 'vitest'
import { bearing, boxAround, boxAroundHome, metresBetween, nearestTurn } from '../../../web/map/geodesy.ts'
import { boxBeyond, graticule } from '../../../web/map/graticule.ts'

it('a degree of latitude is 111.195 km', () => {
  expect(metresBetween([7, 46], [7, 47])).toBeCloseTo(111_195, -1)
})

it('a bearing is clockwise from north', () => {
  expect(bearing([0, 0], [0, 1])).toBeCloseTo(0)
  expect(bearing([0, 0], [1, 0])).toBeCloseTo(90)
  expect(bearing([0, 0], [-1, 0])).toBeCloseTo(270)
})

it('a box over the date line is the shorter way round', () => {
  expect(
    boxAround([
      [179, 1],
      [-179, -1],
    ]),
  ).toEqual({ west: 179, east: 181, south: -1, north: 1 })
  expect(boxAround([])).toBeNull()
})

it('a longitude is turned to the copy of the world that is in view', () => {
  expect(nearestTurn(-179, 179)).toBe(181)
  expect(nearestTurn(7, 8)).toBe(7)
})

it('the graticule has a few lines at every zoom, named in degrees', () => {
  for (const span of [0.01, 0.3, 4, 90, 360]) {
    const box = { west: 7, south: 46, east: 7 + span, north: 46 + span / 4 }
    const { meridians } = graticule(box, span)
    expect(meridians.length).toBeGreaterThanOrEqual(4)
    expect(meridians.length).toBeLessThanOrEqual(13)
  }
  expect(
    graticule({ west: -0.31, south: -0.3, east: 0.31, north: 0.3 }, 0.6).meridians.map(({ label }) => label),
  ).toEqual(['0.3° W', '0.2° W', '0.1° W', '0°', '0.1° E', '0.2° E', '0.3° E'])
})

it('the graticule keeps its key while a drag stays within its lines', () => {
  const box = boxBeyond({ west: 7, south: 46, east: 8, north: 47 })
  expect(box).toEqual({ west: 6, south: 45, east: 9, north: 48 })
  const moved = { ...box, west: box.west - 0.05, east: box.east + 0.05 }
  expect(graticule(moved, 1).key).toBe(graticule(box, 1).key)
})

describe('the box around home', () => {
  const box = (west: number, south: number, size = 0.1) => ({
    west,
    south,
    east: west + size,
    north: south + size,
  })

  it('is around the rides about the newest, however short that is, and leaves out journeys', () => {
    const newest = box(14.5, 46.05, 0.001)
    expect(boxAroundHome([newest, box(14.3, 46.0), box(2.3, 48.8), box(14.6, 46.1)])).toEqual({
      west: 14.3,
      south: 46,
      east: 14.7,
      north: 46.2,
    })
  })

  it('is none where nothing was ridden', () => {
    expect(boxAroundHome([])).toBeNull()
  })
})
