/** What a run was made on: figures of another machine are others. */
import { arch, cpus, totalmem, type } from 'node:os'
import type { Postgres } from './postgres.ts'

export interface Machine {
  readonly cores: number
  readonly processor: string
  readonly memoryGiB: number
  readonly system: string
  readonly node: string
  readonly postgres: string
}

export function machineOf({ version }: Postgres): Machine {
  const processors = cpus()
  return {
    cores: processors.length,
    processor: processors[0]?.model.trim() ?? 'unknown',
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${arch()}`,
    node: process.versions.node,
    postgres: version,
  }
}

export function describeMachine({ cores, processor, memoryGiB, system, node, postgres }: Machine): string {
  const name = processor === 'unknown' ? '' : ` (${processor})`
  return `${cores} cores${name}, ${memoryGiB} GiB, ${system}, Node ${node}, PostgreSQL ${postgres}, the load on the same machine`
}
