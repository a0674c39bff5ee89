/**
 * What lies in the directory of an embedded database:
 *
 *   postgres/   PostgreSQL's own files
 *   lock        who may open them (lock.ts)
 *   creating    is there while they are being made; what an interrupted creation left is thrown away
 *   socket      where the gateway listens, in words; .s.PGSQL.5432 beside it unless the path is too long
 */
import { chmod, mkdir, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

export interface DataDirectory {
  readonly root: string
  readonly postgres: string
  readonly lock: string
  readonly creating: string
  readonly socketRecord: string
}

export function dataDirectory(root: string): DataDirectory {
  return {
    root,
    postgres: join(root, 'postgres'),
    lock: join(root, 'lock'),
    creating: join(root, 'creating'),
    socketRecord: join(root, 'socket'),
  }
}

/** Makes the directory where it is missing, and private to its owner, as PostgreSQL wants its own. */
export async function makePrivate({ root }: DataDirectory): Promise<void> {
  await mkdir(root, { recursive: true, mode: 0o700 })
  await chmod(root, 0o700)
}

/** Readies the directory for opening; true where there is no database yet. Only for the lock's holder. */
export async function beginOpening({ postgres, creating }: DataDirectory): Promise<boolean> {
  if (await exists(creating)) await rm(postgres, { recursive: true, force: true })
  const isNew = !(await exists(postgres))
  if (isNew) await writeFile(creating, '')
  return isNew
}

/** The database was opened, so it is whole. */
export async function endOpening({ creating }: DataDirectory): Promise<void> {
  await rm(creating, { force: true })
}

export async function exists(path: string): Promise<boolean> {
  try {
    await stat(path)
    return true
  } catch (fault) {
    if (fault instanceof Error && 'code' in fault && fault.code === 'ENOENT') return false
    throw fault
  }
}
