/**
 * Redaction: what a deleted stream held goes, its events' ids and order stay. In a transaction a stream, after the tombstone,
 * and without the partition's mutex: no append waits for it. Its queue is the log's own (an index on streams that are
 * deleted and not redacted), so that nothing is forgotten by whoever dies in between.
 */
import { type Queryable, sql } from '@databases/pg'

export interface DeletedStream {
  readonly partition: number
  readonly streamId: string
}

/** Before every stream. */
const beginning: DeletedStream = { partition: -1, streamId: '00000000-0000-0000-0000-000000000000' }

/** Streams that are deleted and not redacted yet, in the order of their keys, behind one of them. */
export async function streamsToRedact(
  database: Queryable,
  limit: number,
  after = beginning,
): Promise<DeletedStream[]> {
  const rows: { partition: number; stream_id: string }[] = await database.query(sql`
    select partition, stream_id from streams
     where deleted and not redacted and (partition, stream_id) > (${after.partition}::smallint, ${after.streamId}::uuid)
     order by partition, stream_id limit ${limit}`)
  return rows.map(({ partition, stream_id: streamId }) => ({ partition, streamId }))
}

export interface Redacting {
  readonly signal: AbortSignal
  /** A stream that could not be redacted keeps no other waiting: it is told, and left for the next time. */
  readonly onFault: (error: unknown) => void
}

const pageSize = 100

/** Redacts every stream that is deleted, until `signal` aborts, in a transaction each. How many it redacted. */
export async function redactAll(database: Queryable, { signal, onFault }: Redacting): Promise<number> {
  let redacted = 0
  let after: DeletedStream | undefined
  do {
    const streams: DeletedStream[] = await streamsToRedact(database, pageSize, after)
    for (const stream of streams) {
      if (signal.aborted) return redacted
      try {
        await redactStream(database, stream)
        redacted++
      } catch (error) {
        onFault(error)
      }
    }
    after = streams[pageSize - 1]
  } while (after !== undefined)
  return redacted
}

/** Done twice it is done once; a stream that is not deleted is left as it is. */
export async function redactStream(database: Queryable, stream: DeletedStream): Promise<void> {
  await database.query(sql`select redact_stream(${stream.partition}::smallint, ${stream.streamId}::uuid)`)
}
