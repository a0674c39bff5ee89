import { describe, expect, test } from 'vitest'
import { distanceBetween } from '#ride/track/geodesy.ts'
import { largestRadius, middleOf, smallestRadius } from '#rights/hiding-circle.ts'

/** Two numbers a circle: how far, and in which direction. */
const drawn = (...numbers: number[]) => {
  const left = [...numbers]
  return () => left.shift() ?? 0
}
const places = [
  { latitude: 46.05, longitude: 14.5 },
  { latitude: -41.3, longitude: 179.9999 },
  { latitude: 89.999, longitude: 0 },
]
const almostOne = 1 - 2 ** -32

describe('the circle that hides a place', () => {
  test.each([smallestRadius, 500, largestRadius])(
    'of %d m has it well inside and not in the middle',
    (radius) => {
      for (const place of places) {
        for (const far of [0, 0.3, almostOne]) {
          for (const direction of [0, 0.4, almostOne]) {
            const middle = middleOf(place, radius, [], drawn(far, direction))
            const distance = distanceBetween(place, middle)
            expect(distance).toBeGreaterThan(Math.max(150, 0.45 * radius) - 0.1)
            expect(distance).toBeLessThan(0.75 * radius + 0.1)
            expect(Math.abs(middle.longitude)).toBeLessThanOrEqual(180)
          }
        }
      }
    },
  )

  test('may lie on any side of it: every spot of the ring is as likely', () => {
    const [place] = places
    const radius = 1_000
    const counts = { near: 0, far: 0 }
    for (let step = 0; step < 1_000; step++) {
      const distance = distanceBetween(
        place!,
        middleOf(place!, radius, [], drawn(step / 1_000, step / 1_000)),
      )
      counts[distance < Math.sqrt((450 ** 2 + 750 ** 2) / 2) ? 'near' : 'far']++
    }
    // Both halves of the ring's area.
    expect(Math.abs(counts.near - counts.far)).toBeLessThan(10)
  })

  test('is the one that was there already, where that hides it well', () => {
    const [place] = places
    const first = { ...middleOf(place!, 500, [], drawn(0.5, 0.5)), radius: 500 }
    const { latitude, longitude } = first
    expect(middleOf(place!, 500, [first], drawn(0, 0))).toEqual({ latitude, longitude })
    // Across the street as well.
    const nearby = { ...place!, latitude: place!.latitude + 1e-4 }
    expect(middleOf(nearby, 500, [first], drawn(0, 0))).toEqual({ latitude, longitude })
    const elsewhere = { latitude: 46.2, longitude: 14.5 }
    expect(distanceBetween(elsewhere, middleOf(elsewhere, 500, [first], drawn(0, 0)))).toBeLessThan(376)
    // A larger one holds it, and lies elsewhere.
    const larger = middleOf(place!, 1_500, [first], drawn(0.49, 0.25))
    expect(distanceBetween(first, larger)).toBeCloseTo(0.7 * 1_000, 0)
    // It would not be well inside of so small a one.
    const small = middleOf(
      place!,
      300,
      [{ ...first, ...middleOf(place!, 500, [], drawn(almostOne, 0)) }],
      drawn(0, 0),
    )
    expect(distanceBetween(place!, small)).toBeLessThan(226)
  })
})
