/**
 * What was read of rides, judged afresh: what the log knows at once of who may see them counts, where the read tables lag behind
 * it, and what the database knows that commands go to, where a replica lags behind that.
 *
 * A query leaves out by itself what the tables it reads know to be deleted, or hidden by newer zones.
 */
import { type Queryable, sql } from '@databases/pg'
import type { Log } from '#log/log.ts'
import { isRider } from '#rights/may-see.ts'
import type { Unsettled } from '#rights/unsettled.ts'
import type { Viewer } from '#rights/viewer.ts'
import type { RideRow } from './ride-row.ts'
import type { RideForAll } from './ride-rows.ts'

export interface Afresh {
  /** Those that there still are, with the visibility and the links that they have. Whether he may see them is still to be said. */
  rides(rows: readonly RideRow[], viewer: Viewer): Promise<readonly RideRow[]>
  /** The same, of rides as all are shown them. */
  forAll(rides: readonly RideForAll[]): Promise<readonly RideForAll[]>
  /** Rides that the read tables may still list for him, and that he does not come upon any more. */
  unlistedFor(viewer: Viewer): Promise<readonly string[]>
}

export interface AfreshOptions {
  readonly unsettled: Unsettled
  /** Where a replica is read. */
  readonly outdated?: Outdated | undefined
}

/** A row, and by which of its rider's zones it is masked for whom it is read; null where that is himself. */
type ReadRow = Pick<RideRow, 'rideId' | 'riderId'> & { readonly maskVersion: number | null }

/** Those of the rows that are of deleted rides, or masked by other zones than their rider has. */
export type Outdated = (rows: readonly ReadRow[]) => Promise<ReadonlySet<string>>

export function openAfresh({ unsettled, outdated }: AfreshOptions): Afresh {
  async function ofOthers(row: RideRow): Promise<RideRow | null> {
    const asked = unsettled.rightsOf(row)
    if (asked === undefined) return row
    const rights = await asked
    if (rights === undefined || rights.masking.mask.version !== row.maskVersion) return null
    return { ...row, visibility: rights.visibility, shares: rights.shares }
  }

  async function judged(
    rows: readonly RideRow[],
    isOwn: (row: RideRow) => boolean,
  ): Promise<readonly RideRow[]> {
    if (rows.length === 0) return rows
    const asked = rows.map((row) => ({ ...row, maskVersion: isOwn(row) ? null : row.maskVersion }))
    const old = await outdated?.(asked)
    const there = old === undefined || old.size === 0 ? rows : rows.filter(({ rideId }) => !old.has(rideId))
    if (!unsettled.isAny) return there
    const shown = await Promise.all(there.map((row) => (isOwn(row) ? row : ofOthers(row))))
    return shown.flatMap((row) => row ?? [])
  }

  return {
    rides: async (rows, viewer) =>
      outdated === undefined && !unsettled.isAny ? rows : judged(rows, (row) => isRider(viewer, row)),
    async forAll(rides) {
      if (outdated === undefined && !unsettled.isAny) return rides
      const shown = await judged(
        rides.flatMap(({ others }) => others ?? []),
        () => false,
      )
      const byId = new Map(shown.map((row) => [row.rideId, row]))
      return rides.map((ride) => ({ ...ride, others: byId.get(ride.rideId) ?? null }))
    },
    unlistedFor: async (viewer) => (unsettled.isAny ? unsettled.unlistedFor(viewer) : []),
  }
}

export function askOutdated(database: Queryable, partitionOf: Log['partitionOf']): Outdated {
  return async (rows) => {
    const found: { ride_id: string }[] = await database.query(sql`
      select ride_id from unnest(${rows.map(({ rideId }) => partitionOf(rideId))}::smallint[],
                                 ${rows.map(({ rideId }) => rideId)}::uuid[],
                                 ${rows.map(({ riderId }) => riderId)}::uuid[],
                                 ${rows.map(({ maskVersion }) => maskVersion)}::integer[])
             as r (partition, ride_id, rider_id, mask_version)
       where exists (select from streams s where s.partition = r.partition and s.stream_id = r.ride_id and s.deleted)
          or r.mask_version <> coalesce((select u.mask_version from riders u where u.rider_id = r.rider_id), 0)`)
    return new Set(found.map((row) => row.ride_id))
  }
}
