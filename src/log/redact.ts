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

/** Streams that are deleted and not redacted yet. */
export async function streamsToRedact(database: Queryable, limit: number): Promise<DeletedStream[]> {
  const rows: { partition: number; stream_id: string }[] = await database.query(sql`
    select partition, stream_id from streams where deleted and not redacted limit ${limit}`)
  return rows.map(({ partition, stream_id: streamId }) => ({ partition, streamId }))
}

/** Done twice it is done once; a stream that is not deleted is left as it is. */
export async function redactStream(database: Queryable, stream: DeletedStream): Promise<void> {
  await database.query(sql`select redact_stream(${stream.partition}::smallint, ${stream.streamId}::uuid)`)
}
