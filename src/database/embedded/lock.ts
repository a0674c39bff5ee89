/**
 * Keeps a second process out of a database directory: two PGlites on one directory destroy each other's rows
 * silently. The lock has to die with its process, kill -9 included, so a file's mere presence will not do.
 * Node offers no file locks, but its SQLite takes them (fcntl, LockFileEx), and keeps count within a process.
 */
import { DatabaseSync } from 'node:sqlite'

export interface DirectoryLock {
  release(): void
}

/** SQLite's result code for a lock that somebody else holds. */
const sqliteBusy = 5

/**
 * Takes the lock whose file is `path`, creating the file; undefined where another opener has it, in this
 * process or another. Throws where the file cannot be made or opened. Nothing else may open that file: on
 * closing any descriptor of it the system would drop the lock.
 */
export function takeLock(path: string): DirectoryLock | undefined {
  const database = new DatabaseSync(path)
  try {
    // Nothing is written, so no journal is wanted beside it.
    database.exec('PRAGMA journal_mode = MEMORY; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
  } catch (fault) {
    database.close()
    if (fault instanceof Error && 'errcode' in fault && fault.errcode === sqliteBusy) return undefined
    throw fault
  }
  return { release: () => database.close() }
}
