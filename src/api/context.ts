/** What resolvers can reach: the rooms, opened once by `main.ts`, and what belongs to one request. */
import type { Kysely } from 'kysely'
import type { ApiKeys } from '#identity/api-keys.ts'
import type { Feeds } from '#live/feed.ts'
import type { LiveRides } from '#live/live-rides.ts'
import type { LogFeed } from '#live/log-feed.ts'
import type { Commands } from '#log/commands.ts'
import type { Log } from '#log/log.ts'
import type { EventHeader } from '#log/newest.ts'
import type { Administration } from '#projections/administration.ts'
import type { Arrivals } from '#projections/arrivals.ts'
import type { Measurer } from '#projections/measurer.ts'
import type { Serving } from '#projections/serving.ts'
import type { ReadTables } from '#projections/tables.ts'
import type { Circumstances, RideCommand, RideRefusal } from '#ride/ride.ts'
import type { ReadRights } from '#rights/masking.ts'
import type { PrivacyZones } from '#rights/privacy-zones.ts'
import type { ShownRides } from '#rights/shown-rides.ts'
import type { Viewer } from '#rights/viewer.ts'
import type { Span, Tracing } from '#telemetry/tracing.ts'
import type { Webhooks } from '#webhooks/webhooks.ts'
import type { Afresh } from './afresh.ts'
import type { Allowance } from './allowance.ts'
import type { Loaders } from './loaders.ts'
import type { RideRow } from './ride-row.ts'
import type { RideForAll } from './ride-rows.ts'

export interface Rooms {
  readonly log: Log
  readonly commands: Commands<RideCommand, Circumstances, RideRefusal>
  readonly serving: Serving
  readonly arrivals: Arrivals
  readonly feeds: Feeds
  readonly liveRides: LiveRides<RideForAll, RideRow>
  readonly logFeed: LogFeed<EventHeader>
  readonly readRights: ReadRights
  readonly shownRides: ShownRides
  readonly privacyZones: PrivacyZones
  /** Where browsers find the server; undefined where that is not known. */
  readonly publicUrl: string | undefined
  readonly administration: Administration
  readonly webhooks: Webhooks
  readonly keys: ApiKeys
  readonly excludedPositions: ReadExcludedPositions
  readonly afresh?: Afresh | undefined
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly newId: () => string
}

/** Of a ride that has ended; undefined where it is being deleted, 'too many' where too many are asked for now. */
export type ReadExcludedPositions = (rideId: string) => ReturnType<Measurer['excluded']>

/** An operation whose trace is recorded. */
export interface Recorded {
  readonly tracing: Tracing
  readonly span: Span
}

export interface RequestContext extends Rooms {
  readonly viewer: Viewer
  /** Undefined where nothing is counted. */
  readonly allowance?: Allowance | undefined
  /** W3C trace context of the operation once that is recorded; until then of the request, where it came with a valid one. */
  traceparent?: string | undefined
  /** Undefined where the operation is in no trace that is recorded. */
  recorded?: Recorded | undefined
  readonly loaders: Loaders
  /** The read tables, in the version that this request began with. */
  readonly read: Kysely<ReadTables>
}
