/** The read tables as Kysely sees them: by names without a version (`serving.ts` adds it). */
import type { GeneratedAlways, JSONColumnType } from 'kysely'
import type { RideStatus, Visibility } from '#ride/events.ts'
import type { MaskedFold } from '#ride/masking/masked-fold.ts'
import type { Position } from '#ride/position.ts'
import type { RideShare } from '#ride/shares.ts'
import type { ExclusionReason } from '#ride/track/segment.ts'
import type { DistanceUnit, Split } from '#ride/track/splits.ts'
import type { EncodedTrack } from '#ride/track/track-encoding.ts'
import type { VersionState } from './checkpoint.ts'
import type { ProjectionName } from './projection.ts'
import type { Audience } from './ride-rows.ts'
import type { thumbnailTolerances } from './routes.ts'

export interface ReadTables {
  riders: RidersTable
  rides: RidesTable
  ride_progress: RideProgressTable
  routes: RoutesTable
  tracks: TracksTable
  projection_version: ProjectionVersionTable
  streams: StreamsTable
  ride_changes: RideChangesTable
  projection_position: ProjectionPositionTable
}

/** See db/migrations/0015_history.sql. */
export interface RideChangesTable {
  partition: number
  ride_id: string
  audience: 'rider' | 'others'
  number: number
  rider_id: string | null
  version: number
  row_version: number
  is_gone: boolean
}

export interface ProjectionPositionTable {
  projection: ProjectionName
  version: number
  partition: number
  position: number
}

/** Of the log: what the read side looks at so as to hide at once what is deleted. */
export interface StreamsTable {
  partition: number
  stream_id: string
  deleted: boolean
}

/** The tables that have versions, and whose they are. */
export const projectionOfTable: Readonly<Record<string, ProjectionName>> = {
  rides: 'rides',
  ride_progress: 'rides',
  routes: 'routes',
  tracks: 'routes',
}

export interface ProjectionVersionTable {
  projection: string
  version: number
  state: VersionState
}

export interface RidersTable {
  rider_id: string
  name: string
  /** How often the rider's privacy zones have changed. */
  mask_version: number
}

export interface RidesTable {
  partition: number
  ride_id: string
  rider_id: string
  status: RideStatus
  visibility: Visibility
  title: string | null
  description: string | null
  started_at: Date
  ended_at: Date | null
  finished_at: Date | null
  audience: Audience
  mask_version: number
  shares: JSONColumnType<RideShare[]> | null
  /** A tsvector: only ever handed to operators. */
  words: GeneratedAlways<string>
}

export interface RideProgressTable {
  partition: number
  ride_id: string
  version: number
  position: number
  updated_at: Date
  latest: JSONColumnType<Position> | null
  time_zone: string | null
  distance: number
  moving_time: number
  timer_time: number
  speed: number | null
  audience: Audience
  masked: JSONColumnType<MaskedFold> | null
  is_hidden: boolean
}

/** Metres, seconds, metres per second, beats and turns a minute, watts. */
/** Each of the thumbnails by itself: PostgreSQL makes these columns. */
type ThumbnailColumns = {
  readonly [Tolerance in (typeof thumbnailTolerances)[number] as `thumbnail_${Tolerance}`]: GeneratedAlways<
    readonly string[] | null
  >
}

export interface RoutesTable extends ThumbnailColumns {
  partition: number
  ride_id: string
  /** A PostGIS geometry: only ever handed to functions. */
  route: string | null
  excluded: JSONColumnType<{ reason: ExclusionReason; count: number }[]>
  distance: number
  elapsed_time: number
  timer_time: number
  moving_time: number
  /** Null in tables of a version that did not have it. */
  average_speed: number | null
  max_speed: number
  elevation_gain: number | null
  elevation_loss: number | null
  average_heart_rate: number | null
  max_heart_rate: number | null
  average_cadence: number | null
  average_power: number | null
  point_count: number | null
  west: number | null
  south: number | null
  east: number | null
  north: number | null
  /** By tolerance in metres. */
  thumbnails: JSONColumnType<Record<string, string[]>> | null
  /** Null where an older program made the row. */
  splits: JSONColumnType<Record<DistanceUnit, Split[]>> | null
  time_zone: string | null
  audience: Audience
  mask_version: number
  ends_hidden: boolean
  rider_id: string | null
  visibility: Visibility | null
  started_on: string | null
  fastest_5: number | null
  fastest_10: number | null
  fastest_20: number | null
  fastest_40: number | null
  fastest_100: number | null
}

export interface TracksTable {
  partition: number
  ride_id: string
  track: JSONColumnType<EncodedTrack>
  audience: Audience
  mask_version: number
}
