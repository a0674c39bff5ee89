/** What the projection `routes` keeps of a ride, against PostGIS and against the ride itself. */
import { randomUUID } from 'node:crypto'
import { sql } from '@databases/pg'
import { expect, test } from 'vitest'
import { simulateRide } from '#recordings/simulate/simulate.ts'
import type { Position } from '#ride/position.ts'
import { finished, type OpenedRides, openRides, seconds, start } from './open-rides.ts'

/** Rides it and waits until it is FINISHED. */
async function ridden(opened: OpenedRides, stretches: readonly (readonly Position[])[]): Promise<string> {
  const rideId = randomUUID()
  await opened.command(rideId, { type: 'startRide', startedAt: start, title: null, visibility: 'PRIVATE' })
  for (const [index, positions] of stretches.entries()) {
    const [first, last] = [positions[0]!.at, positions.at(-1)!.at]
    if (index > 0) await opened.command(rideId, { type: 'resumeRide', at: first })
    for (let from = 0; from < positions.length; from += 1000) {
      await opened.command(rideId, { type: 'recordPositions', positions: positions.slice(from, from + 1000) })
    }
    const isLast = index === stretches.length - 1
    await opened.command(rideId, { type: isLast ? 'endRide' : 'pauseRide', at: last })
  }
  await finished(opened, rideId)
  return rideId
}

const stretchesOf = (seed: number): Position[][] => {
  const stretches: Position[][] = [[]]
  const ride = simulateRide({
    seed,
    startedAt: start,
    duration: 1_800,
    start: { latitude: 61.2, longitude: 10.4 },
  })
  for (const entry of ride.entries) {
    if (entry.kind === 'resume') stretches.push([])
    if (entry.kind === 'position') stretches.at(-1)!.push(entry.position)
  }
  return stretches.filter((stretch) => stretch.length > 0)
}

test('the distance is the length that PostGIS measures along the geodesics, to a part in a million', async () => {
  await using opened = await openRides()
  opened.worker()
  for (const stretches of [stretchesOf(1), stretchesOf(2), sparse(0.2), sparse(0.0001)]) {
    const rideId = await ridden(opened, stretches)
    const [row] = await opened.log.database.query(sql`
      select distance, ST_Length(ST_Force2D(route)::geography, true) as geodesic,
             (select bool_and(ST_IsValidTrajectory(line.geom)) from ST_Dump(route) line) as trajectories
        from routes_1 where ride_id = ${rideId}`)
    expect(Math.abs(row.distance / row.geodesic - 1)).toBeLessThan(1e-6)
    expect(row.trajectories).toBe(true)
  }
})

/** So many degrees between fixes, a quarter of an hour apart. */
function sparse(degrees: number): Position[][] {
  return [
    Array.from({ length: 30 }, (_, index) => ({
      at: seconds(900 * index),
      latitude: 47 + index * degrees * 0.7,
      longitude: 8 + index * degrees,
    })),
  ]
}

test('a ride over the 180th meridian is kept in parts that do not cross it, with its true length and box', async () => {
  await using opened = await openRides()
  opened.worker()
  const fix = (second: number, longitude: number) => ({
    at: seconds(second),
    latitude: 0,
    longitude,
    altitude: 5,
  })
  const rideId = await ridden(opened, [[fix(0, 179.99), fix(600, -179.99), fix(700, -179.985)]])
  const [row] = await opened.log.database.query(sql`
    select distance, point_count, west, south, east, north, ST_AsText(ST_Force2D(route)) as route,
           ST_Length(ST_Force2D(route)::geography) as geodesic, ST_M(ST_EndPoint(ST_GeometryN(route, 1))) as crossed_at
      from routes_1 where ride_id = ${rideId}`)
  expect(row).toMatchObject({
    point_count: 3,
    ...{ west: 179.99, south: 0, east: -179.985, north: 0 },
    route: 'MULTILINESTRING((179.99 0,180 0),(-180 0,-179.99 0,-179.985 0))',
    crossed_at: seconds(300) / 1000,
  })
  expect(row.distance).toBeCloseTo(2226.39 + 556.6, 1)
  expect(row.distance).toBeCloseTo(row.geodesic, 3)
})

test('thumbnails are the route within their tolerances, and less the coarser', async () => {
  await using opened = await openRides()
  opened.worker()
  const rideId = await ridden(opened, stretchesOf(3))
  const [row] = await opened.log.database.query(sql`
    select thumbnails, route is not null as drawn, (
             select json_object_agg(tolerance, worst) from (
               select key as tolerance, max(ST_HausdorffDistance(ST_Transform(ST_Force2D(ST_GeometryN(route, ordinal::integer)), 32632),
                                               ST_Transform(ST_SetSRID(ST_LineFromEncodedPolyline(polyline), 4326), 32632))) as worst
                 from json_each(thumbnails), json_array_elements_text(value) with ordinality as line (polyline, ordinal)
                group by key) as distances) as worst
      from routes_1 where ride_id = ${rideId}`)
  const sizes = ['10', '50', '250'].map((tolerance) => row.thumbnails[tolerance].join('').length)
  expect(sizes).toEqual([...sizes].sort((a, b) => b - a))
  expect(new Set(sizes).size).toBe(3)
  // A polyline's own rounding is half a metre.
  for (const tolerance of [10, 50, 250])
    expect(row.worst[tolerance]).toBeLessThanOrEqual(tolerance * 1.01 + 1)
})

test('RideFinished says what the track says, and so does the ride', async () => {
  await using opened = await openRides()
  opened.worker()
  // Uploads out of order, so that the numbers on the way are behind.
  const rideId = randomUUID()
  await opened.command(rideId, { type: 'startRide', startedAt: start, title: null, visibility: 'PRIVATE' })
  const positions = stretchesOf(4)[0]!.slice(0, 600)
  for (const from of [500, 100, 300, 0, 400, 200]) {
    await opened.command(rideId, { type: 'recordPositions', positions: positions.slice(from, from + 100) })
  }
  await opened.command(rideId, { type: 'endRide', at: positions.at(-1)!.at })
  await finished(opened, rideId)
  const [row] = await opened.log.database.query(sql`
    select r.distance, r.moving_time, r.timer_time, p.distance as shown, p.moving_time as shown_moving, p.timer_time as shown_timer, p.time_zone
      from routes_1 r join ride_progress_1 p using (partition, ride_id) where ride_id = ${rideId}`)
  expect(row.shown).toBeCloseTo(row.distance, 2)
  expect([row.shown_moving, row.shown_timer]).toEqual([row.moving_time, row.timer_time])
  expect(row.time_zone).toBe('Europe/Oslo')
})
