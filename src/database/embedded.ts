/**
 * The embedded PostgreSQL: PGlite with PostGIS on a thread of its own, behind a Unix socket that speaks
 * PostgreSQL's protocol, so that a service starts with nothing installed and the drivers do not notice. It is
 * for trying out and small self-hosting: it never calls fsync, so what it has acknowledged survives the death
 * of the process and not the loss of power.
 *
 *   locked by nobody ──► owner: opens the directory, serves the socket
 *   locked by another ──► guest: waits for the owner's socket and uses it; becomes owner if that one ends first
 */
import { resolve } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { beginOpening, type DataDirectory, dataDirectory, makePrivate } from './embedded/directory.ts'
import { type DirectoryLock, takeLock } from './embedded/lock.ts'
import { startOwner } from './embedded/owner.ts'
import {
  answers,
  prepareSocketDirectory,
  recordedSocketDirectory,
  removeSocket,
  socketPath,
  socketUrl,
} from './embedded/socket.ts'

export interface EmbeddedDatabase {
  /** A connection string that pg, @databases/pg, pg-listen and Kysely's PostgresDialect take. */
  readonly url: string
  /** False where another process holds the directory and this one uses its socket. */
  readonly owner: boolean
  /**
   * Resolves with the reason when the embedded database has stopped on its own: the process must end with a
   * message. Never resolves on close(), and never for a guest, whose connections fail and may find the owner
   * again when it is back.
   */
  readonly failed: Promise<Error>
  /** Finishes what was received, rolls back what is open, and gives the directory free. Twice is once. */
  close(): Promise<void>
}

export interface EmbeddedOptions {
  /** Made where it is missing, with mode 0700. */
  readonly directory: string
  /** Gets plain sentences for a terminal. */
  readonly onProgress?: (message: string) => void
  /** Gives up opening; has no effect afterwards. */
  readonly signal?: AbortSignal
  /** How long a transaction may wait for its client before it is rolled back; it stops all others meanwhile. */
  readonly idleInTransactionTimeoutMs?: number
}

/** Longer than a first start takes, and a recovery. */
const ownerAnswersWithinMs = 60_000
const defaultIdleInTransactionTimeoutMs = 60_000

/**
 * Opens the database in a directory, creating it where there is none (about 5 s; later starts about 3 s).
 * Rejects where the directory cannot be used, where its owner does not answer within a minute, and with
 * `signal`'s reason.
 */
export async function openEmbedded(options: EmbeddedOptions): Promise<EmbeddedDatabase> {
  if (process.platform === 'win32') {
    throw new Error('The embedded database needs Unix sockets. Set DATABASE_URL to use a PostgreSQL server.')
  }
  const directory = dataDirectory(resolve(options.directory))
  await makePrivate(directory)
  const deadline = performance.now() + ownerAnswersWithinMs
  for (let attempt = 1; ; attempt++) {
    options.signal?.throwIfAborted()
    const lock = takeLock(directory.lock)
    if (lock) return await own(directory, lock, options)
    if (attempt === 1) options.onProgress?.(`Using the database that is already open in ${directory.root}.`)
    const guest = await visit(directory)
    if (guest) return guest
    if (performance.now() > deadline) {
      throw new Error(
        `Another process holds ${directory.root} and its database does not answer. Stop that process, or name another directory with DATA_DIR.`,
      )
    }
    await setTimeout(200)
  }
}

async function own(
  directory: DataDirectory,
  lock: DirectoryLock,
  options: EmbeddedOptions,
): Promise<EmbeddedDatabase> {
  let socketDirectory: string | undefined
  const giveFree = async () => {
    if (socketDirectory !== undefined) await removeSocket(directory, socketDirectory)
    lock.release()
  }
  try {
    const isNew = await beginOpening(directory)
    options.onProgress?.(
      isNew
        ? `Creating the database in ${directory.root}: about ten seconds, this first time.`
        : `Opening the database in ${directory.root}.`,
    )
    socketDirectory = await prepareSocketDirectory(directory)
    const { idleInTransactionTimeoutMs = defaultIdleInTransactionTimeoutMs } = options
    const owner = await startOwner({ directory, socketDirectory, idleInTransactionTimeoutMs }, options.signal)
    options.onProgress?.(
      'This is the embedded database, for trying out and small self-hosting: it survives the death of the ' +
        `process, not a power cut. To back it up stop the service and copy ${directory.root}.`,
    )
    let closing: Promise<void> | undefined
    return {
      url: socketUrl(socketDirectory),
      owner: true,
      failed: owner.failed,
      close: () => {
        closing ??= owner.close().then(giveFree)
        return closing
      },
    }
  } catch (fault) {
    await giveFree()
    if (options.signal?.aborted) throw fault
    throw new Error(
      `The database in ${directory.root} could not be opened. Restore it from a copy, or name another directory with DATA_DIR. ${fault}`,
      { cause: fault },
    )
  }
}

async function visit(directory: DataDirectory): Promise<EmbeddedDatabase | undefined> {
  const socketDirectory = await recordedSocketDirectory(directory)
  if (socketDirectory === undefined || !(await answers(socketPath(socketDirectory), 5_000))) return undefined
  return {
    url: socketUrl(socketDirectory),
    owner: false,
    failed: new Promise(() => {}),
    close: async () => {},
  }
}
