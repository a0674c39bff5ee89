import { expect, test } from 'vitest'
import { along } from '#ride/track/along.ts'
import { openStreams } from '#ride/track/streams.ts'
import { trackOf } from '#ride/track/track.ts'
import { start } from '../given.ts'
import { aroundCircle, rideOf, rideOfStretches } from './known-ride.ts'

const positions = aroundCircle({ circumference: 10_000, distanceAt: (second) => 8 * second, to: 1250 }).map(
  (position, index) => ({
    ...position,
    altitude: 100 + 40 * Math.sin(index / 200),
    heartRate: index === 777 ? 199 : 140,
    ...(index % 2 === 0 && { power: 200 }),
  }),
)

const streams = (events: Parameters<typeof trackOf>[0], resolution?: number) => {
  const track = trackOf(events)
  return openStreams(track, along(track))(resolution)
}

test('all samples, aligned, with holes where nothing was measured', () => {
  const hidden = positions.map(({ latitude, longitude, ...rest }, index) =>
    index === 100 ? rest : { ...rest, latitude, longitude },
  )
  const all = streams(rideOf(hidden))
  expect(all.originalSize).toBe(1251)
  expect(all.time.slice(0, 3)).toEqual([0, 1, 2])
  expect([all.latitude[100], all.longitude[100], all.speed[100]]).toEqual([null, null, null])
  // On the leg between its neighbours.
  expect(all.distance[100]).toBeCloseTo(800, 0)
  expect(all.power.slice(0, 4)).toEqual([200, null, 200, null])
  expect(all.cadence.every((value) => value === null)).toBe(true)
  expect(all.speed[0]).toBe(null)
  expect(all.speed[50]).toBeCloseTo(8, 1)
})

test('time goes on through a pause, the distance does not', () => {
  const later = positions.slice(61, 100).map((position) => ({ ...position, at: position.at + 600_000 }))
  const all = streams(rideOfStretches([positions.slice(0, 61), later]))
  expect(all.time.slice(60, 62)).toEqual([60, 661])
  expect(all.distance[61]).toBe(all.distance[60])
})

test('a thinned curve keeps the one beat that was highest, and stays close to the whole one', () => {
  const all = streams(rideOf(positions))
  const few = streams(rideOf(positions), 50)
  expect(few.time).toHaveLength(50)
  expect(few.originalSize).toBe(1251)
  expect(few.heartRate).toContain(199)
  expect([few.time[0], few.time.at(-1)]).toEqual([0, 1250])
  let worst = 0
  for (const [index, time] of all.time.entries()) {
    const next = few.time.findIndex((each) => each >= time)
    const [from, to] = [few.time[Math.max(0, next - 1)]!, few.time[next]!]
    const share = to === from ? 0 : (time - from) / (to - from)
    const between = few.altitude[Math.max(0, next - 1)]! * (1 - share) + few.altitude[next]! * share
    worst = Math.max(worst, Math.abs(between - all.altitude[index]!))
  }
  // Of a range of 80 m.
  expect(worst).toBeLessThan(4)
})

test('a resolution that is no less than there are samples thins nothing', () => {
  expect(streams(rideOf(positions), 1251)).toEqual(streams(rideOf(positions)))
})

test('a resolution is the same whichever was asked for before it', () => {
  const track = trackOf(rideOf(positions))
  const milestones = along(track)
  const inTurn = openStreams(track, milestones)
  for (const resolution of [50, 400, 2, 7, 400, undefined, 1250]) {
    expect(inTurn(resolution)).toEqual(openStreams(track, milestones)(resolution))
    expect(inTurn(resolution).time).toHaveLength(resolution ?? 1251)
  }
})

test('a ride that nobody recorded has empty streams', () => {
  const none = streams([
    {
      type: 'RideStarted',
      at: start,
      riderId: 'a0000000-0000-4000-8000-000000000001',
      title: null,
      visibility: 'PRIVATE',
    },
    {
      type: 'RideEnded',
      at: start + 1000,
      progress: { distance: 0, movingTime: 0, timerTime: 0, speed: null },
    },
  ])
  expect(none).toMatchObject({ time: [], distance: [], originalSize: 0 })
})
