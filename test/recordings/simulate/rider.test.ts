import { describe, expect, test } from 'vitest'
import { type Rider, type RiderTraits, setOut } from '#recordings/simulate/rider.ts'
import { fastest, type Road } from '#recordings/simulate/road.ts'
import { randomFrom } from '#recordings/simulate/simulate-random.ts'

const traits: RiderTraits = {
  mass: 82,
  dragArea: 0.32,
  rollingResistance: 0.005,
  threshold: 220,
  effort: 0.8,
}

/** Straight on for ever, equally steep. */
function straight(slope: number, safeSpeed = fastest): Road {
  return {
    length: 1_000_000,
    lights: [],
    at: (metres) => ({
      latitude: 46,
      longitude: 14,
      altitude: slope * metres,
      slope,
      heading: 0,
      safeSpeed,
    }),
  }
}

function after(seconds: number, road: Road, halts = false): Rider {
  const rider = setOut(traits, road, 0, randomFrom(1))
  for (let second = 0; second < seconds; second++) rider.ride(second, halts)
  return rider
}

/** Over the second half of ten minutes. */
function average(road: Road): { speed: number; power: number } {
  const rider = setOut(traits, road, 0, randomFrom(1))
  const sum = { speed: 0, power: 0 }
  for (let second = 0; second < 600; second++) {
    rider.ride(second, false)
    if (second < 300) continue
    sum.speed += rider.speed / 300
    sum.power += rider.power / 300
  }
  return sum
}

describe('a simulated rider', () => {
  test('is as fast on the flat as the model says', () => {
    const { speed, power } = average(straight(0))
    // η P = v (m g Crr + ½ ρ CdA v²), solved for P.
    const needed = (speed * (82 * 9.81 * 0.005 + 0.5 * 1.19 * 0.32 * speed * speed)) / 0.976
    expect(power / needed).toBeGreaterThan(0.97)
    expect(power / needed).toBeLessThan(1.03)
    expect(speed * 3.6).toBeGreaterThan(28)
    expect(speed * 3.6).toBeLessThan(36)
  })

  test('is slower uphill and works harder, and faster downhill, where he coasts', () => {
    const flat = average(straight(0))
    const up = average(straight(0.08))
    const down = average(straight(-0.05))
    expect(up.speed).toBeLessThan(flat.speed / 2)
    expect(up.speed).toBeGreaterThan(2)
    expect(up.power).toBeGreaterThan(flat.power * 1.2)
    expect(down.speed).toBeGreaterThan(flat.speed * 1.3)
    expect(down.power).toBe(0)
  })

  test('never rides faster than is safe, and brakes for what comes', () => {
    expect(after(300, straight(-0.12)).speed).toBeLessThanOrEqual(fastest)
    expect(after(300, straight(-0.05, 6)).speed).toBeCloseTo(6)
  })

  test('comes to a halt within some seconds, not at once', () => {
    const rider = after(60, straight(0))
    let last = rider.speed
    for (let second = 60; rider.speed > 0 && second < 90; second++) {
      rider.ride(second, true)
      expect(last - rider.speed).toBeLessThan(2.5)
      last = rider.speed
    }
    expect(rider.speed).toBe(0)
    expect(rider.power).toBe(0)
  })

  test('stops before a red light and goes on when it is green', () => {
    const road = { ...straight(0), lights: [{ metres: 500, isRed: (seconds: number) => seconds < 200 }] }
    const waiting = after(180, road)
    expect(waiting.speed).toBe(0)
    expect(waiting.distance).toBeLessThan(500)
    expect(waiting.distance).toBeGreaterThan(480)
    expect(after(260, road).distance).toBeGreaterThan(600)
  })
})
