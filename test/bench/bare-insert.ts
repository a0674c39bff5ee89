/**
 * The limit of what a log on this PostgreSQL can take: events of the same columns and indexes, one INSERT a group, which is a
 * transaction of its own, one after the other. Nothing is judged, nobody is told, and all of it is there before the clock runs.
 */
import { randomUUID } from 'node:crypto'
import { directly } from './directly.ts'
import type { Figures } from './rounds.ts'

export interface BareInsert {
  /** Of the product, with events of uploads in its log: what is inserted is as large as these. */
  readonly databaseUrl: string
  /** Events a transaction. */
  readonly groupOf: number
  /** As large as the log's largest events, or as small as its smallest. */
  readonly events: 'largest' | 'smallest'
  readonly seconds: number
}

/** Of which every so many groups is made: events of a real log differ. */
const samples = 200

/** Events a second. */
export async function insertBare({
  databaseUrl,
  groupOf,
  events: which,
  seconds,
}: BareInsert): Promise<Figures> {
  return directly(databaseUrl, async (client) => {
    await client.query('drop table if exists bare_events')
    await client.query('create table bare_events (like events including all)')
    const { rows } = await client.query(
      `select content_hash, metadata::text, data::text from events
        where type = 'RidePositionsRecorded'
        order by octet_length(data::text) ${which === 'largest' ? 'desc' : 'asc'} limit ${samples}`,
    )
    const streams = Array.from({ length: groupOf }, () => randomUUID())
    let events = 0
    const insert = async (group: number): Promise<void> => {
      const some = streams.map((_, index) => rows[(group * groupOf + index) % rows.length])
      await client.query({
        name: 'insert bare',
        text: `
          insert into bare_events (partition, position, stream_id, version, event_id, type, schema_version, recorded_at, content_hash, metadata, data)
          select 0, $1 + ordinality, stream, $2, id, 'RidePositionsRecorded', 1, now(), hash, metadata, data
            from unnest($3::uuid[], $4::uuid[], $5::bytea[], $6::json[], $7::json[])
              with ordinality as upload (stream, id, hash, metadata, data, ordinality)`,
        values: [
          group * groupOf,
          group + 1,
          streams,
          streams.map(() => randomUUID()),
          some.map((row) => row.content_hash),
          some.map((row) => row.metadata),
          some.map((row) => row.data),
        ],
      })
    }
    let group = 0
    for (; group < 50; group++) await insert(group)
    const began = performance.now()
    const until = began + seconds * 1_000
    while (performance.now() < until) {
      await insert(group++)
      events += groupOf
    }
    const perSecond = events / ((performance.now() - began) / 1_000)
    await client.query('drop table bare_events')
    return { perSecond }
  })
}
