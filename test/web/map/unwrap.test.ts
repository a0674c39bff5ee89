import { describe, expect, it } from 'vitest'
import { unwrapBox, unwrapPolygon } from '../../../web/map/unwrap.ts'

const polygon = (...coordinates: [number, number][][]) =>
  unwrapPolygon({ type: 'Polygon', coordinates }).coordinates

describe('land', () => {
  it('away from the date line stays as it is', () => {
    const ring: [number, number][] = [
      [7, 46],
      [8, 46],
      [8, 47],
      [7, 46],
    ]
    expect(polygon(ring)).toEqual([ring])
  })

  it('runs on over the date line instead of jumping across the world', () => {
    const [ring = []] = polygon([
      [170, 60],
      [-170, 60],
      [-170, 70],
      [170, 70],
      [170, 60],
    ])
    expect(ring.map(([x]) => x)).toEqual([170, 190, 190, 170, 170])
  })

  it('keeps its lakes with it', () => {
    const [, lake = []] = polygon(
      [
        [170, 60],
        [-150, 60],
        [-150, 70],
        [170, 70],
        [170, 60],
      ],
      [
        [-165, 62],
        [-164, 62],
        [-164, 63],
        [-165, 62],
      ],
    )
    const [outer = []] = polygon([
      [170, 60],
      [-150, 60],
      [-150, 70],
      [170, 70],
      [170, 60],
    ])
    const xs = outer.map(([x = 0]) => x)
    for (const [x = 0] of lake) {
      expect(x).toBeGreaterThan(Math.min(...xs))
      expect(x).toBeLessThan(Math.max(...xs))
    }
  })

  it('round the pole reaches to the pole', () => {
    const [ring = []] = polygon([
      [-180, -75],
      [-60, -70],
      [60, -72],
      [179, -74],
      [-180, -75],
    ])
    expect(ring.slice(-3)).toEqual([
      [180, -90],
      [-180, -90],
      [-180, -75],
    ])
  })
})

describe('the box of a route', () => {
  it('over the date line runs on beyond it, so that the map does not show the whole world', () => {
    expect(unwrapBox({ west: 179.9, south: -1, east: -179.8, north: 1 })).toEqual({
      west: 179.9,
      south: -1,
      east: 180.2,
      north: 1,
    })
  })

  it('elsewhere stays as it is', () => {
    const box = { west: 14, south: 46, east: 14.2, north: 46.1 }
    expect(unwrapBox(box)).toBe(box)
  })
})
