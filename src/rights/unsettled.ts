/**
 * Rides of which the log knows who may see them, and the read side does not yet: they were edited, or masked anew, and that is
 * not projected, for a moment, or for as long as a projection lags or the ride is parked.
 *
 *   heard of ─► awaited ── the read side has that version ──► arrived ── nothing read before is still shown ──► forgotten
 */
import { sql } from 'kysely'
import type { Listener } from '#log/listener.ts'
import type { Log } from '#log/log.ts'
import type { RecordedEvent } from '#log/read.ts'
import { readAll } from '#log/read-all.ts'
import type { Serving } from '#projections/serving.ts'
import type { RideEventType } from '#ride/events.ts'
import type { RideCommand } from '#ride/ride.ts'
import type { ReadRights, RightsOfRide } from './masking.ts'
import { mayList } from './may-see.ts'
import type { Viewer } from './viewer.ts'

export interface Unsettled {
  /** False where what is read says everything. */
  readonly isAny: boolean
  /** A ride's rights may be others from this version on. */
  heed(ride: { readonly rideId: string; readonly version: number }): void
  hear(event: Pick<RecordedEvent, 'streamId' | 'version' | 'type'>): void
  /** As the log has them, undefined within where there is no such ride, or nobody can tell; undefined where what was read has them. */
  rightsOf(read: ReadRide): Promise<RightsOfRide | undefined> | undefined
  /** Those that the viewer does not come upon by himself, whatever what is read says. */
  unlistedFor(viewer: Viewer): Promise<readonly string[]>
  close(): void
}

/** As others are shown it. */
export interface ReadRide {
  readonly rideId: string
  readonly version: number
  /** By which of its rider's zones; null where the version is the ride's own. */
  readonly maskedBy: number | null
}

export interface UnsettledOptions {
  readonly log: Log
  readonly serving: Serving
  readonly listener: Listener
  readonly readRights: ReadRights
  readonly onFault: (error: unknown) => void
}

interface Entry {
  readonly version: number
  /** Asked for once. */
  rights?: Promise<RightsOfRide | undefined>
  /** By `performance.now()`. */
  arrivedAt?: number
}

/** And the version that it waits before. */
type ParkedRide = Pick<RightsOfRide, 'rideId' | 'version'>

/** Whether the event that a command makes is one of those. */
export function changesRights({ type }: RideCommand): boolean {
  return type === 'editRide' || type === 'shareRide' || type === 'unshareRide' || type === 'maskRide'
}

const changing: readonly RideEventType[] = ['RideEdited', 'RideMasked']
const removing: RideEventType = 'RideDeleted'
const pageSize = 500
/** Looked again, longer each time in vain: a ride may be parked for days. */
const waits = { firstMs: 500, longestMs: 10_000 }
/** Longer than any statement takes: what one has read may be from before. */
const graceMs = 60_000

/** `hear` has to be told of all events behind the log's heads as they were found before this. */
export async function openUnsettled(options: UnsettledOptions): Promise<Unsettled> {
  const { log, serving, listener, readRights, onFault } = options
  const entries = new Map<string, Entry>()
  let timer: NodeJS.Timeout | undefined
  let waitMs = waits.firstMs
  let isClosed = false

  function heed({ rideId, version }: { readonly rideId: string; readonly version: number }): void {
    const known = entries.get(rideId)
    if (known === undefined || known.version < version) entries.set(rideId, { version })
    // Where other tables are served it has to arrive again.
    else if (known.version === version) delete known.arrivedAt
    waitMs = waits.firstMs
    schedule()
  }

  function hear({ streamId, version, type }: Pick<RecordedEvent, 'streamId' | 'version' | 'type'>): void {
    if (type === removing) entries.delete(streamId)
    else if (changing.some((each) => each === type)) heed({ rideId: streamId, version })
  }

  function schedule(): void {
    if (isClosed || timer !== undefined || entries.size === 0) return
    timer = setTimeout(() => {
      void look()
        .catch((fault: unknown) => {
          // What it looks in may be closed by then.
          if (!isClosed) onFault(fault)
        })
        .then(() => {
          timer = undefined
          schedule()
        })
    }, waitMs)
  }

  async function look(): Promise<void> {
    const isOld = ({ arrivedAt }: Entry) => arrivedAt !== undefined && performance.now() - arrivedAt > graceMs
    for (const [rideId, entry] of entries) if (isOld(entry)) entries.delete(rideId)
    waitMs = Math.min(waits.longestMs, 2 * waitMs)
    const awaited = [...entries].filter(([, { arrivedAt }]) => arrivedAt === undefined).map(([id]) => id)
    if (awaited.length === 0) return
    const rows = await serving
      .read()
      .selectFrom('ride_progress')
      .select(['ride_id', 'version'])
      .where('partition', '=', sql<number>`any(${[...new Set(awaited.map(log.partitionOf))]}::smallint[])`)
      .where('ride_id', '=', sql<string>`any(${awaited}::uuid[])`)
      .where('audience', '<>', 'others')
      .execute()
    for (const { ride_id: rideId, version } of rows) {
      const entry = entries.get(rideId)
      if (entry !== undefined && version >= entry.version) entry.arrivedAt ??= performance.now()
    }
  }

  /** What is served may not have come to it yet, or have been parked on the way. */
  async function fill(): Promise<void> {
    const { rows } = await sql<{ partition: number; position: number; parked: readonly ParkedRide[] }>`
      select n as partition,
             coalesce((select p.position from projection_position p
                        where p.projection = v.projection and p.version = v.version and p.partition = n
                        order by p.position desc limit 1), 0) as position,
             array(select json_build_object('rideId', k.ride_id, 'version', k.ride_version) from parked_rides k
                    where k.projection = v.projection and k.version = v.version and k.partition = n) as parked
        from projection_version v, generate_series(0, ${log.partitions - 1}::integer) as n
       where v.projection = 'rides' and v.state = 'serving'`.execute(serving.read())
    await Promise.all(
      rows.map(async ({ partition, position, parked }) => {
        for (const ride of parked) heed((await readRights(ride.rideId)) ?? ride)
        let after = position
        let hasMore = true
        while (hasMore && !isClosed) {
          const types = [...changing, removing]
          const page = await readAll(log.database, { partition, after, limit: pageSize, types })
          for (const event of page.events) hear(event)
          after = page.upTo
          hasMore = page.hasMore
        }
      }),
    )
  }

  function rightsBy(rideId: string, entry: Entry): Promise<RightsOfRide | undefined> {
    if (entry.rights === undefined) {
      entry.rights = readRights(rideId)
      entry.rights.catch(() => delete entry.rights)
    }
    return entry.rights
  }

  await fill()
  const stopListening = listener.on('serving', () => void fill().catch(onFault))
  return {
    get isAny() {
      return entries.size > 0
    },
    heed,
    hear,
    rightsOf({ rideId, version, maskedBy }) {
      const entry = entries.get(rideId)
      if (entry === undefined || (maskedBy === null && version >= entry.version)) return undefined
      return rightsBy(rideId, entry)
    },
    async unlistedFor(viewer) {
      const awaited = [...entries].filter(([, { arrivedAt }]) => arrivedAt === undefined)
      const listed = awaited.map(async ([rideId, entry]) => {
        const rights = await rightsBy(rideId, entry)
        return rights !== undefined && mayList(viewer, rights) ? [] : [rideId]
      })
      return (await Promise.all(listed)).flat()
    },
    close() {
      isClosed = true
      stopListening()
      clearTimeout(timer)
    },
  }
}
