/** Deletes single rides again, by their ids: a backup from before their deletion has brought them back. */
import { sql } from '@databases/pg'
import type { OpenedForCli } from '#cli/open-log.ts'
import { openCommands } from '#log/commands.ts'
import { pause } from '#log/hint.ts'
import { forgetRide, type RideToForget } from '#projections/forget-rider.ts'
import { vacuumDeleted } from '#projections/vacuum-deleted.ts'
import { rideDecider } from '#ride/decider.ts'

const betweenAttemptsMs = 1_000

/** Those of them that are in the log and not deleted, or whose content is still there. */
export async function ridesThere(
  { work, log }: OpenedForCli,
  rideIds: readonly string[],
): Promise<RideToForget[]> {
  const partitions = rideIds.map((id) => log.partitionOf(id))
  const rows: { partition: number; stream_id: string }[] = await work.query(sql`
    select s.partition, s.stream_id
      from unnest(${partitions}::smallint[], ${[...rideIds]}::uuid[]) as r (partition, ride_id)
      join streams s on s.partition = r.partition and s.stream_id = r.ride_id
     where s.type = 'ride' and not (s.deleted and s.redacted)`)
  return rows.map(({ partition, stream_id: rideId }) => ({ partition, rideId }))
}

/** Whoever begins again goes on. Answers how many were deleted. */
export async function forgetRides(
  { work: database, url, log, projections }: OpenedForCli,
  rides: readonly RideToForget[],
  { now, signal }: { readonly now: () => number; readonly signal: AbortSignal },
): Promise<number> {
  const commands = openCommands(log, rideDecider, { cachedStreams: 0 })
  let done = 0
  for (const ride of rides) {
    while (!signal.aborted && !(await forgetRide({ database, log, commands, now }, ride))) {
      await pause(betweenAttemptsMs, signal)
    }
    if (signal.aborted) return done
    done++
  }
  if (done > 0) await vacuumDeleted({ database, url, projections, signal })
  return done
}
