/** What an operator sees of the process: metrics, on the port where all else is or on one of their own. */
import { sql } from 'kysely'
import { listenForMetrics } from '#server/metrics-port.ts'
import type { Ground } from './ground.ts'
import { observe } from './observe.ts'
import type { Projecting } from './work.ts'

export async function openObservation(
  ground: Ground,
  { administration }: Pick<Projecting, 'administration'>,
): Promise<void> {
  const { config, opening, onFault, metrics, database, write, log, commands } = ground
  observe({
    ...{ metrics, database: write, log, commands, administration },
    machineTime: Date.now,
    use: database.now,
    replicaHeads: config.databaseReadUrl === undefined ? undefined : headsOf(ground),
  })
  if (config.metrics === undefined) return
  const { close } = await listenForMetrics(config.metrics, { exposition: metrics.exposition, onFault })
  opening.rooms.defer(close)
}

/** Of the database that queries read from. */
function headsOf({ read, log }: Pick<Ground, 'read' | 'log'>) {
  return async () => {
    const partitions = Array.from({ length: log.partitions }, (_, partition) => partition)
    const { rows } = await sql<{ partition: number; head: number }>`
      select p.partition, coalesce((select e.position from events e where e.partition = p.partition
                                     order by e.position desc limit 1), 0) as head
        from unnest(${partitions}::smallint[]) as p (partition)`.execute(read)
    return new Map(rows.map(({ partition, head }) => [partition, head]))
  }
}
