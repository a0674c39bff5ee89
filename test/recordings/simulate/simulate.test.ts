import { expect, test } from 'vitest'
import { simulateRide } from '#recordings/simulate/simulate.ts'

const ride = (seed: number) =>
  simulateRide({
    seed,
    start: { latitude: 46.05, longitude: 14.5 },
    startedAt: Date.UTC(2026, 4, 1, 8),
    duration: 3_600,
  })

test('the same seed makes the same ride, another seed another', () => {
  expect(ride(3)).toEqual(ride(3))
  expect(ride(3).entries).not.toEqual(ride(4).entries)
})

test('a simulated ride is one that could have been ridden', () => {
  for (const seed of [1, 2, 3, 4, 5]) {
    const positions = ride(seed).entries.flatMap((entry) =>
      entry.kind === 'position' ? [entry.position] : [],
    )
    const metres = positions.reduce((sum, { speed = 0 }) => sum + speed, 0)
    expect(metres).toBeGreaterThan(12_000)
    expect(metres).toBeLessThan(35_000)
    expect(positions.some(({ speed }) => speed === 0)).toBe(true)
    expect(positions.some(({ latitude }) => latitude === undefined)).toBe(true)
    for (const { altitude, heartRate, cadence, power } of positions) {
      expect([altitude, heartRate, cadence, power]).not.toContain(undefined)
    }
  }
})
