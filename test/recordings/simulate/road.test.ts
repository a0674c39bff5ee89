import { describe, expect, test } from 'vitest'
import { countryAround, fastest } from '#recordings/simulate/road.ts'
import { closedLine, distance, tightestRadius, turnAt } from '#recordings/simulate/road-line.ts'
import { randomFrom } from '#recordings/simulate/simulate-random.ts'
import { steepest } from '#recordings/simulate/terrain.ts'
import { distanceBetween } from '#ride/track/geodesy.ts'

const around = { latitude: 46, longitude: 14 }
const seeds = [1, 2, 3, 4, 5, 6, 7, 8]
const roadOf = (seed: number, length = 10_000 + 8_750 * seed) =>
  countryAround(around, randomFrom(7)).road(length, { east: 0, north: 0 }, randomFrom(seed))

describe('a simulated road', () => {
  test('is the same for the same seed, and another for another', () => {
    const places = (seed: number) => [0, 1_000, 9_000].map((metres) => roadOf(seed).at(metres))
    expect(places(3)).toEqual(places(3))
    expect(places(4)).not.toEqual(places(3))
  })

  test('ends where it begins, and is about as long as was asked for', () => {
    for (const seed of seeds) {
      const wanted = 10_000 + 8_750 * seed
      const road = roadOf(seed)
      expect(road.length / wanted).toBeGreaterThan(0.9)
      expect(road.length / wanted).toBeLessThan(1.1)
      expect(distanceBetween(road.at(0), around)).toBeLessThan(1)
      const { altitude, ...end } = road.at(road.length - 1)
      expect(distanceBetween(end, road.at(0))).toBeLessThan(1.2)
      expect(Math.abs(altitude - road.at(0).altitude)).toBeLessThan(1)
    }
  })

  test('is as long on the ground as it says', () => {
    const road = roadOf(2, 30_000)
    let metres = 0
    for (let at = 0; at < road.length; at += 5) metres += distanceBetween(road.at(at), road.at(at + 5))
    expect(Math.abs(metres / road.length - 1)).toBeLessThan(0.01)
  })

  test('has no corner that is tighter than a junction’s, and bends at many places', () => {
    for (const seed of seeds) {
      const { points, step } = closedLine(10_000 + 8_750 * seed, { east: 0, north: 0 }, randomFrom(seed))
      const turns = points.map((point, index) =>
        Math.abs(turnAt(points.at(index - 1)!, point, points[(index + 1) % points.length]!)),
      )
      // A chord of an arc turns by its length over the radius; two chords meet at each point.
      expect(Math.max(...turns)).toBeLessThan((1.05 * step) / tightestRadius)
      expect(turns.filter((turn) => turn > 0.02).length).toBeGreaterThan(points.length / 30)
      const gaps = points.map((point, index) => distance(point, points[(index + 1) % points.length]!))
      expect(Math.max(...gaps)).toBeLessThan(step * 1.01)
    }
  })

  test('rises and falls, and nowhere more than its country does', () => {
    for (const seed of seeds) {
      const road = roadOf(seed)
      const slopes = Array.from({ length: 1_000 }, (_, share) => road.at((share / 1_000) * road.length).slope)
      expect(Math.max(...slopes.map(Math.abs))).toBeLessThan(steepest * 1.05)
      expect(Math.max(...slopes)).toBeGreaterThan(0.02)
      expect(Math.min(...slopes)).toBeLessThan(-0.02)
      expect(road.at(0).altitude).toBeGreaterThan(0)
    }
  })

  test('says before a bend how slow one has to be there', () => {
    const road = roadOf(5)
    const speeds = Array.from(
      { length: Math.floor(road.length / 3) },
      (_, step) => road.at(step * 3).safeSpeed,
    )
    expect(Math.max(...speeds)).toBeCloseTo(fastest)
    expect(Math.min(...speeds)).toBeGreaterThan(4)
    expect(Math.min(...speeds)).toBeLessThan(8)
    // From 18 m/s to 6 in 3 m nobody brakes.
    for (const [index, speed] of speeds.entries()) {
      const next = speeds[index + 1]
      if (next !== undefined) expect(next).toBeGreaterThan(speed - 1.5)
    }
  })

  test('has traffic lights that change', () => {
    const { lights } = roadOf(3)
    expect(lights.length).toBeGreaterThan(3)
    for (const { isRed } of lights) {
      const red = Array.from({ length: 600 }, (_, second) => isRed(second)).filter(Boolean).length
      expect(red).toBeGreaterThan(120)
      expect(red).toBeLessThan(400)
    }
  })
})

test('roads of one country that cross are equally high there', () => {
  const country = countryAround(around, randomFrom(7))
  const one = country.road(20_000, { east: 0, north: 0 }, randomFrom(1))
  const other = country.road(40_000, { east: 0, north: 0 }, randomFrom(2))
  expect(one.at(0).altitude).toBeCloseTo(other.at(0).altitude)
})
