/**
 * What lies in the directory of an embedded database:
 *
 *   postgres/   PostgreSQL's own files
 *   lock        who may open them (lock.ts)
 *   creating    is there while they are being made; what an interrupted creation left is thrown away
 *   socket      where the gateway listens, in words; .s.PGSQL.5432 beside it unless the path is too long
 */
import { access, chmod, constants, mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

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

/**
 * Makes the directory where it is missing, and private to its owner, as PostgreSQL wants its own. Rejects with a
 * sentence for the terminal where it cannot be.
 */
export async function makePrivate({ root, lock }: DataDirectory): Promise<void> {
  try {
    await makeDirectory(root)
    // Somebody's home or /tmp, named by mistake, must not be closed to everybody else.
    const isOurs = (await exists(lock)) || (await readdir(root)).length === 0
    if (!isOurs) throw unusable(root, 'it holds other files')
    await chmod(root, 0o700)
    await access(root, constants.W_OK | constants.X_OK)
  } catch (fault) {
    if (!isSystemFault(fault)) throw fault
    throw unusable(root, reasons[fault.code] ?? fault.message, fault)
  }
}

function unusable(root: string, why: string, cause?: Error): Error {
  return new Error(
    `The database cannot be kept in ${root}: ${why}. Set DATA_DIR to an empty directory that you may write to, or DATABASE_URL to use a PostgreSQL server.`,
    { cause },
  )
}

/** What the system means, where a directory is to be made or made private. */
const reasons: Readonly<Record<string, string | undefined>> = {
  EEXIST: 'that is a file, not a directory',
  ENOTDIR: 'a part of that path is a file, not a directory',
  ENOENT: 'no directory can be made there',
  EACCES: 'you may not write there',
  EPERM: 'it belongs to somebody else',
  EROFS: 'that file system is read-only',
  ENOSPC: 'no space is left there',
  ENAMETOOLONG: 'that path is too long',
}

/**
 * `mkdir` with its parents. Not Node's `recursive`, which tries for ever where the system says ENOENT although the
 * parent is there, as it does below /proc.
 */
async function makeDirectory(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 })
  } catch (fault) {
    if (!isSystemFault(fault)) throw fault
    if (fault.code === 'EEXIST' && (await stat(path)).isDirectory()) return
    const parent = dirname(path)
    if (fault.code !== 'ENOENT' || (await exists(parent))) throw fault
    await makeDirectory(parent)
    await makeDirectory(path)
  }
}

function isSystemFault(fault: unknown): fault is Error & { readonly code: string } {
  return fault instanceof Error && 'code' in fault && typeof fault.code === 'string'
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
    if (isSystemFault(fault) && fault.code === 'ENOENT') return false
    throw fault
  }
}
