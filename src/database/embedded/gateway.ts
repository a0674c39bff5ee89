/**
 * Many connections on one backend session. A connection has the backend to itself from the first batch of a
 * transaction until ReadyForQuery says idle; the others wait in the order in which they came.
 *
 *   free ──turn of the first in the queue──► free            the batch ended outside a transaction
 *     │                                       ▲
 *     └──────────────────────────────────► held by a session ──its next batch──► held or free
 *                                             └── no batch for idleInTransactionTimeoutMs: it is ended ──► free
 */
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type Server } from 'node:net'
import type { Engine } from './engine.ts'
import { int32, message } from './protocol.ts'
import { Session, type Surroundings } from './session.ts'

export interface GatewayOptions {
  /** How long a transaction may wait for its client, in milliseconds, before it is rolled back. */
  readonly idleInTransactionTimeoutMs: number
}

/** Runs SQL of the gateway's own. */
export type Job = (engine: Pick<Engine, 'query'>) => void

/** Parameters that PostgreSQL reports to every client. */
const reported = `SELECT name, setting FROM pg_settings WHERE name IN ('server_version', 'server_encoding',
  'client_encoding', 'DateStyle', 'IntervalStyle', 'TimeZone', 'integer_datetimes', 'is_superuser',
  'standard_conforming_strings', 'in_hot_standby', 'default_transaction_read_only', 'search_path')`

export class Gateway implements Surroundings {
  readonly engine: Engine
  unnamedOwner: Session | undefined
  readonly #options: GatewayOptions
  readonly #server: Server
  readonly #parameters: Buffer
  readonly #sessions = new Set<Session>()
  #queue: (Session | Job)[] = []
  #holder: Session | undefined
  #holderTimer: NodeJS.Timeout | undefined
  #turning = false
  #connections = 0
  #statements = 0

  constructor(engine: Engine, options: GatewayOptions) {
    this.engine = engine
    this.#options = options
    const { rows } = engine.query(reported)
    this.#parameters = Buffer.concat(rows.map(([name, setting]) => message('S', name ?? '', setting ?? '')))
    this.#server = createServer((socket) => {
      this.#sessions.add(new Session(++this.#connections, socket, this))
    })
  }

  /** Accepts connections on a Unix socket at `path`. */
  async listen(path: string): Promise<void> {
    this.#server.listen(path)
    await once(this.#server, 'listening')
  }

  /** Runs `job` when its turn comes, outside any transaction. */
  enqueue(job: Job): void {
    this.#queue.push(job)
    this.#wake()
  }

  /** Accepts no more, finishes what was received, rolls back what is open, and ends every connection. */
  async close(): Promise<void> {
    const closed = once(this.#server, 'close')
    this.#server.close()
    // From here on turns are given below, and not when something becomes ready.
    this.#turning = true
    do {
      if (this.#holder && !this.#holder.ready) this.#holder.terminate(shuttingDown)
    } while (this.#turn())
    for (const session of this.#sessions) session.terminate(shuttingDown)
    while (this.#turn());
    await closed
  }

  greeting(id: number): Buffer {
    const key = message('K', int32(id), int32(randomInt(2 ** 31)))
    return Buffer.concat([this.#parameters, key, message('Z', Buffer.from('I'))])
  }

  newStatementName(): string {
    return `s${++this.#statements}`
  }

  ready(session: Session): void {
    if (session !== this.#holder && !this.#queue.includes(session)) this.#queue.push(session)
    this.#wake()
  }

  notify(channel: string, notification: Buffer, during: Session): void {
    for (const session of this.#sessions) {
      if (session !== during && session.isListeningTo(channel)) session.notify(notification)
    }
  }

  left(channels: readonly string[]): void {
    for (const channel of channels) this.enqueue(() => this.#unlisten(channel))
  }

  ended(session: Session): void {
    this.#sessions.delete(session)
  }

  #unlisten(channel: string): void {
    for (const session of this.#sessions) if (session.isListeningTo(channel)) return
    this.engine.query(`UNLISTEN "${channel.replaceAll('"', '""')}"`)
  }

  /** One turn at a time, and the event loop between two, so that sockets are read and written meanwhile. */
  #wake(): void {
    if (this.#turning) return
    this.#turning = true
    const next = () => {
      if (this.#turn()) setImmediate(next)
      else this.#turning = false
    }
    next()
  }

  /** Gives the backend to whom it is due, for one batch; false where nobody is ready. */
  #turn(): boolean {
    if (this.#holder) {
      if (!this.#holder.ready) return false
      this.#give(this.#holder)
      return true
    }
    const next = this.#queue.shift()
    if (next === undefined) return false
    if (!(next instanceof Session)) {
      next(this.engine)
      this.unnamedOwner = undefined
    } else if (next.ready) this.#give(next)
    return true
  }

  #give(session: Session): void {
    clearTimeout(this.#holderTimer)
    // Held during the turn too, so that what becomes ready in it does not queue the session.
    this.#holder = session
    const holding = session.takeTurn() === 'holding'
    if (!holding) this.#holder = undefined
    if (holding && !session.ready) this.#awaitHolder(session)
    if (!holding && session.ready) this.ready(session)
  }

  #awaitHolder(session: Session): void {
    const own = session.idleInTransactionTimeoutMs ?? Number.POSITIVE_INFINITY
    const timeoutMs = Math.min(own, this.#options.idleInTransactionTimeoutMs)
    this.#holderTimer = setTimeout(() => session.terminate(idleTooLong(timeoutMs)), timeoutMs)
  }
}

const shuttingDown = {
  code: '57P01',
  message: 'terminating connection: the embedded database is being closed',
}

function idleTooLong(timeoutMs: number) {
  return {
    code: '25P03',
    message: `terminating connection: its transaction was idle for ${timeoutMs} ms, which stops all others`,
    hint: 'Do not wait for anything but the database within a transaction.',
  }
}
