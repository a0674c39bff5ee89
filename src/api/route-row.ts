/** The route of a finished ride and its statistics, as they come with the ride (`ride-row.ts`). */
import { type RawBuilder, sql } from 'kysely'
import type { thumbnailTolerances } from '#projections/routes.ts'
import type { ExclusionReason } from '#ride/track/segment.ts'
import type { TrackStatistics } from '#ride/track/statistics.ts'
import { degrees, orNull, roundedStatistics } from './rounding.ts'

/** With the decimals that they are shown with. */
export interface RouteRow extends TrackStatistics {
  readonly rideId: string
  readonly pointCount: number | null
  readonly west: number | null
  readonly south: number | null
  readonly east: number | null
  readonly north: number | null
  readonly excluded: readonly { readonly reason: ExclusionReason; readonly count: number }[]
  /** Those that were read with it: null where there is none. */
  readonly thumbnails: Thumbnails
}

export type ThumbnailTolerance = (typeof thumbnailTolerances)[number]

/** Encoded polylines by the tolerance in metres that the route is thinned to. */
export type Thumbnails = Readonly<Record<string, readonly string[] | null>>

/** In the order of `routeColumns`, then the thumbnails that were asked for; nulls where a ride has no row of routes. */
export type RouteTuple = readonly [
  elapsedTime: number | null,
  distance: number,
  timerTime: number,
  movingTime: number,
  averageSpeed: number,
  maxSpeed: number,
  elevationGain: number | null,
  elevationLoss: number | null,
  averageHeartRate: number | null,
  maxHeartRate: number | null,
  averageCadence: number | null,
  averagePower: number | null,
  pointCount: number | null,
  west: number | null,
  south: number | null,
  east: number | null,
  north: number | null,
  excluded: RouteRow['excluded'],
  ...thumbnails: (readonly string[] | null)[],
]

/** Of routes `f`. Tables of an older version, which are being built anew, do not have an average speed. */
export const routeColumns = sql`
  f.elapsed_time, f.distance, f.timer_time, f.moving_time,
  coalesce(f.average_speed, f.distance / nullif(f.moving_time, 0), 0),
  f.max_speed, f.elevation_gain, f.elevation_loss,
  f.average_heart_rate, f.max_heart_rate, f.average_cadence, f.average_power,
  f.point_count, f.west, f.south, f.east, f.north, f.excluded`

export function thumbnailColumns(tolerances: readonly ThumbnailTolerance[]): RawBuilder<unknown>[] {
  return tolerances.map((tolerance) => sql.ref(`f.thumbnail_${tolerance}`))
}

export function routeRowOf(
  rideId: string,
  tuple: RouteTuple,
  tolerances: readonly ThumbnailTolerance[],
): RouteRow | null {
  const [
    elapsedTime,
    distance,
    timerTime,
    movingTime,
    averageSpeed,
    maxSpeed,
    elevationGain,
    elevationLoss,
    averageHeartRate,
    maxHeartRate,
    averageCadence,
    averagePower,
    pointCount,
    west,
    south,
    east,
    north,
    excluded,
    ...lines
  ] = tuple
  // The one that every route has and a ride without one does not.
  if (elapsedTime === null) return null
  return {
    rideId,
    ...roundedStatistics({
      distance,
      elapsedTime,
      timerTime,
      movingTime,
      averageSpeed,
      maxSpeed,
      elevationGain,
      elevationLoss,
      averageHeartRate,
      maxHeartRate,
      averageCadence,
      averagePower,
    }),
    pointCount,
    west: orNull(west, degrees),
    south: orNull(south, degrees),
    east: orNull(east, degrees),
    north: orNull(north, degrees),
    excluded,
    thumbnails: Object.fromEntries(tolerances.map((tolerance, index) => [tolerance, lines[index] ?? null])),
  }
}
