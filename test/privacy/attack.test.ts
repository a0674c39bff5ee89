/** The attack finds homes that are badly hidden: if it found none it would prove nothing. */
import { expect, test } from 'vitest'
import { simulateRide } from '#recordings/simulate/simulate.ts'
import type { RideEvent } from '#ride/events.ts'
import { maskedRide } from '#ride/masking/masked-track.ts'
import { isFix } from '#ride/track/segment.ts'
import { statisticsOf } from '#ride/track/statistics.ts'
import { trackOf } from '#ride/track/track.ts'
import { attack, nearest, type Sighting } from './attack.ts'

const home = { latitude: 46.0569, longitude: 14.5058 }
const progress = { distance: 0, movingTime: 0, timerTime: 0, speed: null }

function ridesFrom(count: number): RideEvent[][] {
  return Array.from({ length: count }, (_, seed) => {
    const { entries, startedAt, endedAt } = simulateRide({
      ...{ seed: seed + 1, start: home, duration: 900 },
      startedAt: Date.UTC(2026, 4, 1 + seed, 8),
    })
    const positions = entries.flatMap((entry) => (entry.kind === 'position' ? [entry.position] : []))
    return [
      { type: 'RideStarted', at: startedAt, riderId: '', title: null, visibility: 'PUBLIC' },
      { type: 'RidePositionsRecorded', at: endedAt, positions, progress },
      { type: 'RideEnded', at: endedAt, progress },
    ]
  })
}

/** What is seen of a ride whose route is cut off at a circle, and whose distance is that of all of it. */
function sighted(
  ride: readonly RideEvent[],
  zone: { latitude: number; longitude: number; radius: number },
): Sighting {
  const seen = trackOf(maskedRide(ride, { version: 1, zones: [zone] })!.events)
  const fixes = seen.segments.flatMap((segment) => segment.fixes).filter(isFix)
  const first = fixes[0]!
  return {
    ends: [first],
    missing: [{ end: first, metres: statisticsOf(trackOf(ride)).distance - statisticsOf(seen).distance }],
  }
}

test('a circle with the home in its middle gives it away', () => {
  const sightings = ridesFrom(30).map((ride) => ({ ...sighted(ride, { ...home, radius: 500 }), missing: [] }))
  const found = nearest(attack(sightings), home)
  expect(found.by).toBe('a circle through the ends')
  expect(found.metres).toBeLessThan(30)
})

test('a circle that is beside the home does not, unless the whole distance is told', () => {
  const beside = { latitude: home.latitude + 0.0025, longitude: home.longitude - 0.001, radius: 500 }
  const sightings = ridesFrom(30).map((ride) => sighted(ride, beside))
  const lengths = nearest(attack(sightings), home)
  expect(lengths.by).toMatch('the missing ways')
  expect(lengths.metres).toBeLessThan(100)
  const silent = sightings.map((sighting) => ({ ...sighting, missing: [] }))
  expect(nearest(attack(silent), home).metres).toBeGreaterThan(150)
})
