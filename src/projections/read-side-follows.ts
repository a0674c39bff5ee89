/** Whether every version of every projection has come past what the log held: also one that is being built, or is retired. */
import type { ConnectionPool } from '@databases/pg'
import { pause } from '#log/hint.ts'
import { readHead } from '#log/read-all.ts'
import { openAdministration } from './administration.ts'
import type { Projection } from './projection.ts'

export interface ReadSide {
  readonly database: ConnectionPool
  readonly projections: readonly Projection[]
  readonly partitions: number
}

const betweenLooksMs = 100

/** Waits for what the log holds now to be in all tables, so many milliseconds at most. False where it is not there by then. */
export async function readSideFollows(
  { database, projections, partitions }: ReadSide,
  signal: AbortSignal,
  withinMs = Number.POSITIVE_INFINITY,
): Promise<boolean> {
  const heads: number[] = []
  for (let partition = 0; partition < partitions; partition++) {
    heads.push(await readHead(database, partition))
  }
  const administration = openAdministration({ database, projections, partitions })
  const until = performance.now() + withinMs
  for (;;) {
    const versions = await administration.status()
    const places = versions.flatMap((version) => version.partitions)
    if (places.every(({ partition, position }) => position >= heads[partition]!)) return true
    if (performance.now() >= until) return false
    signal.throwIfAborted()
    await pause(betweenLooksMs, signal)
  }
}
