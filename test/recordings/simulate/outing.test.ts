import { describe, expect, test } from 'vitest'
import { fleetAround } from '#recordings/simulate/fleet.ts'
import { entriesOf, type Outing, recordingOf } from '#recordings/simulate/outing.ts'
import { pastRides } from '#recordings/simulate/past.ts'
import { titleOf } from '#recordings/simulate/titles.ts'
import type { Position } from '#ride/position.ts'
import { ranges } from '#ride/ranges.ts'
import { distanceBetween } from '#ride/track/geodesy.ts'

const around = { latitude: 46.05, longitude: 14.5 }
const startedAt = Date.UTC(2026, 5, 1, 8)
const outings = (seed: number): Outing[] => {
  const fleet = fleetAround({ riders: 12, around, seed })
  return Array.from({ length: 12 }, (_, rider) => fleet(rider, startedAt))
}
const positionsOf = (outing: Outing) =>
  [...entriesOf(outing)].flatMap((entry) => (entry.kind === 'position' ? [entry.position] : []))
const placeOf = ({ latitude, longitude }: Position) => ({ latitude: latitude!, longitude: longitude! })

describe('a simulated outing', () => {
  test('is the same for the same seed, and another for another', () => {
    const recorded = (seed: number) => outings(seed).map((outing) => recordingOf(outing, 'A ride').entries)
    expect(recorded(3)).toEqual(recorded(3))
    expect(recorded(4)).not.toEqual(recorded(3))
  })

  test('could have been ridden: from place to place as well as by its own word', () => {
    for (const outing of outings(1)) {
      const positions = positionsOf(outing)
      const speeds = positions.slice(1).map((position, index) => {
        const last = positions[index]!
        const metres = distanceBetween(placeOf(last), placeOf(position))
        return metres / ((position.at - last.at) / 1_000)
      })
      expect(Math.max(...speeds)).toBeLessThan(25)
      expect(Math.max(...positions.map(({ speed }) => speed!))).toBeLessThan(20)
      const moving = positions.filter(({ speed }) => speed! > 0.5)
      const average = moving.reduce((sum, { speed }) => sum + speed!, 0) / moving.length
      expect(average * 3.6).toBeGreaterThan(12)
      expect(average * 3.6).toBeLessThan(42)
    }
  })

  test('has a sample a second but in breaks, which take turns with riding', () => {
    const kinds = outings(2).flatMap((outing) => {
      const { entries, endedAt } = recordingOf(outing, 'A ride')
      let at = startedAt - 1_000
      for (const entry of entries) {
        if (entry.kind === 'position') {
          expect(entry.position.at).toBe(at + 1_000)
          at = entry.position.at
        } else if (entry.kind === 'pause') expect(entry.at).toBe(at)
        else at = entry.at
      }
      expect(endedAt).toBe(at)
      return entries.flatMap(({ kind }) => (kind === 'position' ? [] : [kind]))
    })
    expect(kinds.length).toBeGreaterThan(4)
    expect(kinds.every((kind, index) => kind === (index % 2 === 0 ? 'pause' : 'resume'))).toBe(true)
  })

  test('says only what the service takes, and not everybody has every sensor', () => {
    const all = outings(5).map(positionsOf)
    for (const positions of all) {
      const beyond = positions.flatMap((position) =>
        ranges.filter(([field, least, most]) => {
          const value = position[field]
          return value !== undefined && !(value >= least && value <= most)
        }),
      )
      expect(beyond).toEqual([])
      expect(positions.at(-1)!.battery!).toBeLessThanOrEqual(positions[0]!.battery!)
    }
    expect(all.some(([first]) => first?.power !== undefined)).toBe(true)
    expect(all.some(([first]) => first?.heartRate === undefined)).toBe(true)
    const pounding = all.find(([first]) => first?.power !== undefined)!
    expect(Math.max(...pounding.map(({ heartRate }) => heartRate!))).toBeGreaterThan(130)
  })

  test('of many riders has a title of its own', () => {
    expect(new Set(Array.from({ length: 999 }, (_, number) => titleOf(number))).size).toBe(999)
  })
})

describe('what was ridden in two years', () => {
  const until = Date.UTC(2026, 10, 22, 12)
  const rides = pastRides({ count: 200, until, around, seed: 1 })

  test('is all over by now, and spread over the years', () => {
    expect(rides).toHaveLength(200)
    const months = new Set<string>()
    for (const { startedAt: began } of rides) {
      expect(began).toBeLessThan(until - 10 * 3_600_000)
      expect(began).toBeGreaterThan(until - 735 * 86_400_000)
      months.add(new Date(began).toISOString().slice(0, 7))
    }
    expect(months.size).toBeGreaterThan(20)
  })

  test('begins when people ride: to work in the morning, far at weekends', () => {
    for (const { title, startedAt: began } of rides) {
      // By the sun, an hour before Greenwich there.
      const local = new Date(began + 58 * 60_000)
      const isWeekend = [0, 6].includes(local.getUTCDay())
      if (title === 'To work by the canal') {
        expect(isWeekend).toBe(false)
        expect(local.getUTCHours()).toBeGreaterThanOrEqual(5)
        expect(local.getUTCHours()).toBeLessThan(10)
      }
      if (title === 'Two valleys') expect(isWeekend).toBe(true)
    }
    expect(new Set(rides.map(({ title }) => title)).size).toBeGreaterThan(7)
  })

  test('has heart rate, power and breaks', () => {
    const recordings = rides.slice(0, 30).map((ride) => recordingOf(ride, ride.title))
    const some = recordings.flatMap(({ entries }) => entries.slice(100, 101))
    expect(some.filter((entry) => entry.kind === 'position' && entry.position.power).length).toBeGreaterThan(
      10,
    )
    expect(some.some((entry) => entry.kind === 'position' && entry.position.heartRate === undefined)).toBe(
      true,
    )
    expect(recordings.some(({ entries }) => entries.some(({ kind }) => kind === 'pause'))).toBe(true)
  })
})
