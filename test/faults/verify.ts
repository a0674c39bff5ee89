/** What must hold when all is healed, asked of the database directly. */
import { setTimeout as pause } from 'node:timers/promises'
import { query, type Row, readTables } from './database-directly.ts'
import type { Ledger } from './ledger.ts'
import { verifyFeed } from './verify-feed.ts'
import {
  readRides,
  verifyCommands,
  verifyNoneLost,
  verifyOrder,
  verifyRedaction,
  verifyState,
} from './verify-log.ts'
import { verifyReads } from './verify-reads.ts'
import type { Watched } from './watcher.ts'

/** How many rides are held in memory at once. */
const ridesAtOnce = 50
const restEveryMs = 100

/** What is still to be done: empty when the read side has everything and every ride that ended is finished. */
export async function leftToDo(url: string): Promise<string[]> {
  const { rides } = await readTables(url)
  const [open] = await query(
    url,
    `select (select count(*) from streams s left join ${rides} r on r.partition = s.partition and r.ride_id = s.stream_id
              where not s.deleted and r.status is distinct from 'FINISHED') as rides,
            (select count(*) from streams where deleted and not redacted) as deleted,
            (select count(*) from finish_outbox) as outbox,
            (select count(*) from parked_rides) as parked,
            (select count(*) from projection_version v cross join log_partition l
              where v.state = 'serving'
                and (select coalesce(max(p.position), 0) from projection_position p
                      where p.projection = v.projection and p.version = v.version and p.partition = l.partition)
                  < (select coalesce(max(e.position), 0) from events e where e.partition = l.partition)) as behind`,
  )
  const { rides: unfinished, deleted, outbox, parked, behind } = (open ?? {}) as Record<string, number>
  return [
    ...(unfinished ? [`${unfinished} rides are not finished`] : []),
    ...(deleted ? [`${deleted} deleted rides still have their content`] : []),
    ...(outbox ? [`${outbox} rides are in the outbox`] : []),
    ...(parked ? [`${parked} rides are parked`] : []),
    ...(behind ? [`${behind} projections are behind the log`] : []),
  ]
}

/** Waits until nothing is left to do; what is left after `withinMs` is a finding. */
export async function comeToRest(url: string, ledger: Ledger, withinMs: number): Promise<void> {
  const until = performance.now() + withinMs
  for (;;) {
    const left = await leftToDo(url)
    if (left.length === 0) return
    if (performance.now() > until) {
      for (const what of left) ledger.find('stalled', `${what}, ${withinMs / 1000} s after all was healed`)
      return
    }
    await pause(restEveryMs)
  }
}

export async function verify(url: string, ledger: Ledger, watched: readonly Watched[]): Promise<void> {
  await verifyOrder(url, ledger)
  const rideIds = (await query(url, 'select distinct stream_id as id from events')).map(({ id }) =>
    String(id),
  )
  const feeds = Map.groupBy(watched, ({ rideId }) => rideId)
  const seen = new Set<string>()
  for (let from = 0; from < rideIds.length; from += ridesAtOnce) {
    const some = rideIds.slice(from, from + ridesAtOnce)
    const [recorded, rows] = await Promise.all([readRides(url, some), readRows(url, some)])
    for (const rideId of some) {
      const events = recorded.get(rideId) ?? []
      verifyCommands(events, ledger, seen)
      verifyRedaction(rideId, events, ledger)
      verifyState(rideId, events, rows.state.get(rideId)?.[0]?.['state'], ledger)
      const of = (table: ByRide) => table.get(rideId) ?? []
      const { ride, progress, route } = rows
      verifyReads(rideId, events, { ride: of(ride), progress: of(progress), route: of(route) }, ledger)
      for (const feed of feeds.get(rideId) ?? []) verifyFeed(feed, events, ledger)
    }
    ledger.count('events verified', [...recorded.values()].flat().length)
  }
  verifyNoneLost(ledger, seen)
}

type ByRide = ReadonlyMap<string, Row[]>

async function readRows(
  url: string,
  rideIds: readonly string[],
): Promise<Record<'state' | 'ride' | 'progress' | 'route', ByRide>> {
  const tables = await readTables(url)
  const rows = async (table: string, columns: string, id = 'ride_id'): Promise<ByRide> => {
    const text = `select ${columns} from ${table} where ${id} = any($1::uuid[])`
    return Map.groupBy(await query(url, text, [rideIds]), (row) => String(row[id]))
  }
  return {
    state: await rows('streams', 'stream_id, state', 'stream_id'),
    ride: await rows(tables.rides, '*'),
    progress: await rows(tables.progress, '*'),
    route: await rows(tables.routes, '*, coalesce(ST_NPoints(route), 0) as points'),
  }
}
