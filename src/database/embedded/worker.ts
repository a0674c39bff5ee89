/**
 * The entry of the thread in which the embedded PostgreSQL and its gateway live: statements block this thread
 * and not the service's, and no bytes are copied between the two. It says 'ready' when the socket listens and
 * 'closed' when all is shut; whatever else ends the thread is a fault.
 */
import { parentPort, workerData } from 'node:worker_threads'
import { type DataDirectory, endOpening } from './directory.ts'
import { Engine } from './engine.ts'
import { Gateway } from './gateway.ts'
import { keepHouse } from './housekeeping.ts'
import { publishSocket, socketPath } from './socket.ts'

export interface WorkerInput {
  readonly directory: DataDirectory
  readonly socketDirectory: string
  readonly idleInTransactionTimeoutMs: number
}

export type WorkerOutput =
  | { readonly kind: 'ready' }
  | { readonly kind: 'closed' }
  | { readonly kind: 'lost'; readonly reason: string }

if (parentPort === null) throw new Error('This file is the entry of a thread of its own.')
const parent = parentPort
const input: WorkerInput = workerData

const engine = await Engine.open(input.directory.postgres, (reason) => {
  say({ kind: 'lost', reason: `${reason.message} Cause: ${String(reason.cause)}` })
  process.exit(1)
})
await endOpening(input.directory)
const gateway = new Gateway(engine, input)
await gateway.listen(socketPath(input.socketDirectory))
await publishSocket(input.directory, input.socketDirectory)
const stopHousekeeping = keepHouse(gateway, engine)
parent.once('message', close)
say({ kind: 'ready' })

async function close(): Promise<void> {
  stopHousekeeping()
  await gateway.close()
  await engine.close()
  say({ kind: 'closed' })
  // PGlite leaves things behind that would keep the thread alive.
  process.exit(0)
}

function say(output: WorkerOutput): void {
  parent.postMessage(output)
}
