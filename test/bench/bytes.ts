/** Bytes that a position takes in the log, with its row and all indexes. */
import { randomUUID } from 'node:crypto'
import { type Queryable, type SQLQuery, sql } from '@databases/pg'
import { simulateRide } from '#recordings/simulate/simulate.ts'
import { encodeRideEvent } from '#ride/encoding.ts'
import type { Position } from '#ride/position.ts'
import { runningWith } from '#ride/progress.ts'
import { progressOf, runningFrom } from '#ride/running-numbers.ts'

export interface Size {
  readonly uploadsOf: number
  readonly compression: 'lz4' | 'pglz'
  readonly fields: 'five' | 'all'
  readonly bytes: number
}

const rides = 100
const secondsOfRide = 3_600
const startedAt = Date.UTC(2026, 4, 31, 8)

interface Kinds {
  readonly fields: readonly Size['fields'][]
  readonly uploadsOf: readonly number[]
  readonly compression: readonly Size['compression'][]
}

const allKinds: Kinds = { fields: ['five', 'all'], uploadsOf: [60, 100], compression: ['lz4', 'pglz'] }

/** Rides of an hour at a sample a second, in tables like that of the log, which are gone afterwards. */
export async function measureBytes(database: Queryable, kinds = allKinds): Promise<Size[]> {
  const sizes: Size[] = []
  for (const fields of kinds.fields) {
    const recorded = Array.from({ length: rides }, (_, seed) => positionsOf(seed, fields))
    for (const uploadsOf of kinds.uploadsOf) {
      for (const compression of kinds.compression) {
        const name = `sized_${fields}_${uploadsOf}_${compression}`
        const table = sql.ident(name)
        await database.query(sql`create table ${table} (like events including all)`)
        await database.query(
          sql`alter table ${table} alter column data set compression ${sql.ident(compression)}`,
        )
        const positions = await write(database, table, recorded, uploadsOf)
        const [{ bytes }] = await database.query(
          sql`select pg_total_relation_size(${name}::regclass) as bytes`,
        )
        sizes.push({ uploadsOf, compression, fields, bytes: bytes / positions })
        await database.query(sql`drop table ${table}`)
      }
    }
  }
  return sizes
}

function positionsOf(seed: number, fields: 'five' | 'all'): Position[] {
  const start = { latitude: 45 + seed / 10, longitude: 5 + seed / 7 }
  const { entries } = simulateRide({ seed, start, startedAt, duration: secondsOfRide })
  return entries
    .flatMap((entry) => (entry.kind === 'position' ? [entry.position] : []))
    .map((position) => {
      if (fields === 'all') return position
      const { heading: _h, heartRate: _r, cadence: _c, power: _p, battery: _b, ...five } = position
      return five
    })
}

/** Side by side, as they would be ridden. Answers how many positions there are. */
async function write(
  database: Queryable,
  table: SQLQuery,
  recorded: readonly (readonly Position[])[],
  uploadsOf: number,
): Promise<number> {
  const streams = recorded.map(() => randomUUID())
  const running = recorded.map(() => runningFrom(startedAt))
  const longest = Math.max(...recorded.map(({ length }) => length))
  let position = 0
  let positions = 0
  for (let from = 0, version = 1; from < longest; from += uploadsOf, version++) {
    const first = position
    const uploads = recorded.flatMap((all, ride) => {
      const some = all.slice(from, from + uploadsOf)
      if (some.length === 0) return []
      positions += some.length
      running[ride] = runningWith(running[ride]!, some)
      const upload = {
        type: 'RidePositionsRecorded',
        at: some.at(-1)!.at,
        positions: some,
        progress: progressOf(running[ride]),
      } as const
      return [{ stream: streams[ride]!, data: encodeRideEvent(upload), id: randomUUID() }]
    })
    position += uploads.length
    const metadata = uploads.map(({ id }) =>
      JSON.stringify({
        commandId: id,
        actor: streams[0],
        traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      }),
    )
    await database.query(sql`
      insert into ${table} (partition, position, stream_id, version, event_id, type, schema_version, recorded_at, content_hash, metadata, data)
      select 0, ${first} + ordinality, stream, ${version}, id, 'RidePositionsRecorded', 1, now(), decode(md5(id::text), 'hex'), metadata, data
        from unnest(${uploads.map(({ stream }) => stream)}::uuid[], ${uploads.map(({ id }) => id)}::uuid[],
                    ${metadata}::json[], ${uploads.map(({ data }) => data)}::json[])
          with ordinality as upload (stream, id, metadata, data, ordinality)`)
  }
  return positions
}
