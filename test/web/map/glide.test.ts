import { describe, expect, it } from 'vitest'
import { metresBetween } from '../../../web/map/geodesy.ts'
import { glideAt, glideOn, type Place, standing } from '../../../web/map/glide.ts'

const north = (metres: number): Place => [7, 46 + metres / 111_195]
const start = standing(north(0), null, 0)

describe('a marker', () => {
  it('stands where it was first seen', () => {
    expect(glideAt(start, 1_000)).toMatchObject({ place: north(0), heading: null, isDone: true })
  })

  it('takes as long to the next fix as the fix was apart from the last', () => {
    const glide = glideOn(start, [north(40)], null, 2_000, 5_000)
    const half = glideAt(glide, 6_000)
    expect(metresBetween(half.place, north(20))).toBeLessThan(0.1)
    expect(half.isDone).toBe(false)
    expect(glideAt(glide, 7_000)).toMatchObject({ place: north(40), isDone: true })
  })

  it('points where it goes when the device does not say', () => {
    const glide = glideOn(start, [[7.001, 46]], null, 1_000, 0)
    expect(glideAt(glide, 500).heading).toBeCloseTo(90, 1)
    expect(glideAt(glide, 1_000).heading).toBeCloseTo(90, 1)
  })

  it('points at the end where the device says it does', () => {
    expect(glideAt(glideOn(start, [north(40)], 12, 1_000, 0), 1_000).heading).toBe(12)
  })

  it('keeps pointing where it did when its steps are too short to tell', () => {
    const moved = glideOn(start, [[7.001, 46]], null, 1_000, 0)
    const trembling = glideOn(moved, [[7.001001, 46.000001]], null, 1_000, 2_000)
    expect(glideAt(trembling, 3_000).heading).toBeCloseTo(90, 1)
  })

  it('goes on from where it is, through every fix, when a fix comes before it arrived', () => {
    const first = glideOn(start, [north(10), north(20)], null, 1_000, 0)
    const second = glideOn(first, [[7.001, 46 + 20 / 111_195]], null, 1_000, 750)
    expect(metresBetween(second.path[0] ?? [0, 0], north(15))).toBeLessThan(0.1)
    expect(second.path.slice(1)).toEqual([north(20), [7.001, 46 + 20 / 111_195]])
  })

  it('moves no point of its way more than once: what is passed and what is pending add up', () => {
    const glide = glideOn(start, [north(10), north(20), north(30)], null, 900, 0)
    for (const nowMs of [0, 100, 450, 899, 900]) {
      const { passed, place } = glideAt(glide, nowMs)
      const metres = metresBetween(north(0), place)
      expect(glide.along.filter((along) => along <= metres + 1e-6).length).toBe(passed)
    }
  })

  it('is set down, not dashed across the country, after a long silence or a long way', () => {
    expect(glideOn(start, [north(40)], null, 60_000, 0).durationMs).toBe(0)
    expect(glideOn(start, [north(40_000)], null, 1_000, 0).durationMs).toBe(0)
  })

  it('glides on undisturbed when a report brings no fix', () => {
    const glide = glideOn(start, [north(10)], null, 1_000, 0)
    expect(glideOn(glide, [], null, 1_000, 500)).toBe(glide)
  })
})
