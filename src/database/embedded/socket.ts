/**
 * Where the gateway's socket lies and how others find it. Drivers look for `.s.PGSQL.<port>` in the directory
 * that is given as the host. The system takes no socket path of more than about a hundred bytes; where the
 * data directory's is longer the socket goes to a private temporary directory. Either way the data directory
 * records where, for the processes that come second.
 */
import { chmod, mkdtemp, readFile, rm, rmdir, writeFile } from 'node:fs/promises'
import { createConnection } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type DataDirectory, exists } from './directory.ts'
import { int32, startupCode } from './protocol.ts'

/** Part of the socket's name, nothing listens on it. */
const port = 5432
const socketName = `.s.PGSQL.${port}`
/** sun_path holds 104 bytes on macOS and 108 on Linux, a zero byte among them. */
const longestPath = 103
const temporaryPrefix = join(tmpdir(), 'slipstream-socket-')

/** A connection string that pg and @databases/pg both read; for them a host with slashes is a directory. */
export function socketUrl(socketDirectory: string): string {
  const host = encodeURIComponent(socketDirectory)
  return `postgresql://postgres@${host}:${port}/postgres?sslmode=disable`
}

export function socketPath(socketDirectory: string): string {
  return join(socketDirectory, socketName)
}

/** Chooses the socket's directory for the owner of `directory`, with nothing of a dead owner left in it. */
export async function prepareSocketDirectory(directory: DataDirectory): Promise<string> {
  const recorded = await recordedSocketDirectory(directory)
  if (recorded !== undefined && recorded !== directory.root) await removeTemporary(recorded)
  await rm(socketPath(directory.root), { force: true })
  if (Buffer.byteLength(socketPath(directory.root)) <= longestPath) return directory.root
  return await mkdtemp(temporaryPrefix)
}

/** Closes the socket to other users and lets other processes know of it. */
export async function publishSocket(directory: DataDirectory, socketDirectory: string): Promise<void> {
  await chmod(socketPath(socketDirectory), 0o600)
  await writeFile(directory.socketRecord, socketDirectory, { mode: 0o600 })
}

export async function removeSocket(directory: DataDirectory, socketDirectory: string): Promise<void> {
  await rm(directory.socketRecord, { force: true })
  await rm(socketPath(socketDirectory), { force: true })
  if (socketDirectory !== directory.root) await removeTemporary(socketDirectory)
}

/** Only ever the socket and an empty directory: whatever a record says, nothing else is lost by it. */
async function removeTemporary(socketDirectory: string): Promise<void> {
  await rm(socketPath(socketDirectory), { force: true })
  await rmdir(socketDirectory).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT' && error.code !== 'ENOTEMPTY') throw error
  })
}

/** Where the owner of `directory` said that its socket is; undefined where none did. */
export async function recordedSocketDirectory(directory: DataDirectory): Promise<string | undefined> {
  if (!(await exists(directory.socketRecord))) return undefined
  return await readFile(directory.socketRecord, 'utf8')
}

/** Whether a gateway answers at `path` within `timeoutMs`. */
export async function answers(path: string, timeoutMs: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const socket = createConnection(path)
  socket.setTimeout(timeoutMs, () => resolve(false))
  socket.on('connect', () => socket.write(Buffer.concat([int32(8), int32(startupCode.ssl)])))
  socket.on('data', () => resolve(true))
  socket.on('error', () => resolve(false))
  socket.on('close', () => resolve(false))
  const answered = await promise
  socket.destroy()
  return answered
}
