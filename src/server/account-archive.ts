/** All that there is of a rider, as the entries of an archive: read when they are written, some rides at a time. */
import type { Kysely } from 'kysely'
import { ownRides } from '#api/own-rides.ts'
import { titleOf } from '#api/ride.ts'
import { publicType } from '#api/ride-feed.ts'
import type { RideRow } from '#api/ride-row.ts'
import { tracksById } from '#api/track-rows.ts'
import type { AccountDetails } from '#identity/account.ts'
import type { ApiKey } from '#identity/api-keys.ts'
import type { Log } from '#log/log.ts'
import { readStream } from '#log/read.ts'
import type { ReadTables } from '#projections/tables.ts'
import { writeGpx } from '#recordings/write/write-gpx.ts'
import { decodeRideEvent } from '#ride/encoding.ts'
import type { PrivacyZone } from '#rights/privacy-zones.ts'
import type { Endpoint } from '#webhooks/endpoint.ts'
import { archivePaths } from './archive-paths.ts'
import { readme } from './archive-readme.ts'
import { statisticsIn } from './exports.ts'
import type { ZipEntry } from './stream-zip.ts'

export interface ArchiveMeans {
  readonly log: Log
  /** Asked again for each page: other tables may be served meanwhile. */
  readonly read: () => Kysely<ReadTables>
  readonly isCurrent: () => boolean
}

export interface Owned extends Omit<AccountDetails, 'account'> {
  readonly riderId: string
  /** Left out where it is not for whoever fetches the archive. */
  readonly account?: AccountDetails['account']
  readonly privacyZones: readonly PrivacyZone[]
  readonly apiKeys: readonly ApiKey[]
  readonly webhooks: readonly Endpoint[]
}

const ridesAtATime = 50
/** Of a thousand positions each, as large as they come: some megabytes. */
const eventsAtATime = 20

export async function* archiveOf(owned: Owned, at: Date, means: ArchiveMeans): AsyncGenerator<ZipEntry> {
  const { riderId } = owned
  yield { path: 'README.txt', at, content: [readme(at)] }
  yield { path: 'account.json', at, content: [json(accountOf(owned, at))] }
  const pathOf = archivePaths()
  let behind: RideRow | undefined
  do {
    const rides = await ownRides(means.read(), riderId, { behind, limit: ridesAtATime })
    for (const ride of rides) {
      // Whoever is signed out, or has left, is given nothing more.
      if (!means.isCurrent()) throw new Error('The credential of an export has ended')
      yield* filesOf(ride, `rides/${pathOf(ride)}`, means)
    }
    behind = rides[ridesAtATime - 1]
  } while (behind !== undefined)
}

async function* filesOf(ride: RideRow, path: string, means: ArchiveMeans): AsyncGenerator<ZipEntry> {
  const at = ride.finishedAt ?? ride.updatedAt
  const { route } = ride
  const track = route === null ? undefined : (await tracksById(means.read(), [ride])).get(ride.rideId)
  if (route !== null && track !== undefined) {
    const { rideId: id, description } = ride
    const exported = { id, title: titleOf(ride), description, track, statistics: statisticsIn(route) }
    yield { path: `${path}.gpx`, at, content: writeGpx(exported) }
  }
  yield { path: `${path}.json`, at, content: [json(describe(ride))] }
  yield { path: `${path}.events.ndjson`, at, content: eventsOf(ride.rideId, means) }
}

async function* eventsOf(rideId: string, { log }: ArchiveMeans): AsyncGenerator<string> {
  let after = 0
  for (;;) {
    const page = await readStream(log, rideId, { after, limit: eventsAtATime })
    // Of a ride that was deleted meanwhile nothing is left.
    const kept = page.filter(({ data }) => data !== null)
    const lines = kept.map((recorded) => {
      const { type, at, ...event } = decodeRideEvent(recorded)
      const { eventId: id, version, recordedAt } = recorded
      const said = { id, version, type: publicType[type], at, recordedAt, ...event }
      return `${JSON.stringify(said, instants)}\n`
    })
    if (lines.length > 0) yield lines.join('')
    if (page.length < eventsAtATime) return
    after = page.at(-1)!.version
  }
}

function accountOf({ riderId, name, account, ...rest }: Owned, at: Date): unknown {
  const { privacyZones, apiKeys, webhooks } = rest
  return { exportedAt: at, rider: { id: riderId, name }, account, privacyZones, apiKeys, webhooks }
}

function describe(ride: RideRow): unknown {
  const { rideId: id, title, description, visibility, status, version, route, shares } = ride
  const { startedAt, endedAt, finishedAt, timeZone, distance, movingTime, timerTime } = ride
  return {
    ...{ id, title, calledTitle: titleOf(ride), description, visibility, status, version },
    ...{ startedAt, endedAt, finishedAt, timeZone },
    progress: { distance, movingTime, timerTime },
    statistics: route === null ? null : statisticsIn(route),
    excluded: route?.details?.excluded ?? [],
    shareLinks: shares ?? [],
  }
}

function json(value: unknown): string {
  return `${JSON.stringify(value, instants, 2)}\n`
}

/** Times are kept as milliseconds since 1970, and said as RFC 3339. */
function instants(key: string, value: unknown): unknown {
  const isInstant = key === 'at' || (key.endsWith('At') && typeof value === 'number')
  return isInstant && typeof value === 'number' ? new Date(value).toISOString() : value
}
