/** What those who follow the log ask again and again while nothing happens. */
import { type Queryable, sql, type Transaction } from '@databases/pg'
import { readAll, readHead } from '#log/read-all.ts'
import { streamsToRedact } from '#log/redact.ts'
import { type CheckpointName, makeCheckpoints, takeCheckpoint } from '#projections/checkpoint.ts'

export interface Poll {
  readonly name: string
  ask(transaction: Transaction): Promise<unknown>
}

const who: CheckpointName = { projection: 'rides', version: 1, partition: 0 }
const few = ['RideEnded', 'RideFinished', 'RideDeleted']

/** Of partition 0, by somebody who has come to `head`. */
export function pollsAt(head: number): readonly Poll[] {
  const page = { partition: 0, after: head, limit: 500 }
  return [
    { name: 'readAll', ask: (transaction) => readAll(transaction, page) },
    { name: 'readAll of some types', ask: (transaction) => readAll(transaction, { ...page, types: few }) },
    {
      name: 'readAll of a type of streams',
      ask: (transaction) => readAll(transaction, { ...page, streamTypes: ['ride'] }),
    },
    { name: 'readHead', ask: (transaction) => readHead(transaction, 0) },
    { name: 'streamsToRedact', ask: (transaction) => streamsToRedact(transaction, 100) },
    { name: 'takeCheckpoint', ask: (transaction) => takeCheckpoint(transaction, who, { wait: false }) },
  ]
}

/** As a projection leaves its checkpoint that has come to `head`, batch by batch. */
export async function comeTo(database: Queryable, head: number): Promise<void> {
  await makeCheckpoints(database, { ...who, partitions: 1 })
  await database.query(
    sql`insert into projection_position (projection, version, partition, position) values ('rides', 1, 0, ${head})`,
  )
}
