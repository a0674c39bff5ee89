/**
 * One client's connection: what it sends becomes batches, its turns at the backend answer them.
 *
 *   startup ──StartupMessage──► idle ──batch complete──► waiting ──turn──► idle          ReadyForQuery 'I'
 *                                ▲                          ▲      └──► holding        'T', 'E', or a Flush
 *                                └───────turn───────────────┼──── holding ──batch──► turn, ahead of all
 *   any of them ──Terminate, socket closed, time-out, close──► ending ──turn: roll back, clean up──► ended
 *
 * What a client has not read yet is bounded by one answer: the next turn waits until its socket has drained,
 * and its socket is not read while complete batches of more than a mebibyte wait.
 */
import type { Socket } from 'node:net'
import { answerFor } from './answer.ts'
import { type Batch, Batches } from './batches.ts'
import type { Engine } from './engine.ts'
import { refusedMarker } from './inspection.ts'
import {
  errorResponse,
  MessageReader,
  message,
  query,
  type Refusal,
  sync,
  UnreadableMessage,
} from './protocol.ts'
import { answerStartup } from './startup.ts'
import { Subscriptions } from './subscriptions.ts'

/** What a session asks of the gateway. */
export interface Surroundings {
  readonly engine: Engine
  /** The messages between AuthenticationOk and ReadyForQuery, for the connection of this number. */
  greeting(id: number): Buffer
  newStatementName(): string
  /** The session may have become ready for a turn. */
  ready(session: Session): void
  /** A NotificationResponse came for `channel`. */
  notify(channel: string, notification: Buffer, during: Session): void
  /** No longer listened to by one session. */
  left(channels: readonly string[]): void
  ended(session: Session): void
  /** Whose unnamed statement the backend holds. */
  unnamedOwner: Session | undefined
}

/** Larger than any statement of the product by far; smaller than what WebAssembly's memory stands. */
const maxMessageBytes = 64 * 1024 * 1024
const maxWaitingBytes = 1024 * 1024
/** A listener that reads nothing is cut off beyond this; it finds out and listens again. */
const maxUnreadNotificationBytes = 8 * 1024 * 1024

const failing = message('P', '', refusedMarker, Buffer.alloc(2))

export class Session {
  readonly id: number
  readonly #socket: Socket
  readonly #around: Surroundings
  readonly #reader = new MessageReader(maxMessageBytes)
  readonly #batches: Batches
  readonly #subscriptions = new Subscriptions()
  #inbox: (Batch | 'end')[] = []
  #inboxBytes = 0
  #started = false
  #ended = false
  #inTransaction = false
  #unsynced = false
  #unnamed: Buffer | null = null
  #unreadNotificationBytes = 0
  /** The client's own idle_in_transaction_session_timeout; undefined where it set none. */
  idleInTransactionTimeoutMs: number | undefined

  constructor(id: number, socket: Socket, around: Surroundings) {
    this.id = id
    this.#socket = socket
    this.#around = around
    this.#batches = new Batches(() => around.newStatementName())
    socket.on('data', (chunk: Buffer) => this.#received(chunk))
    socket.on('drain', () => this.#drained())
    // A socket that fails closes next, and only the closing matters.
    socket.on('error', () => {})
    socket.on('close', () => this.#end())
  }

  /** A turn would have something to do. */
  get ready(): boolean {
    return this.#inbox[0] === 'end' || (this.#inbox.length > 0 && !this.#socket.writableNeedDrain)
  }

  isListeningTo(channel: string): boolean {
    return this.#subscriptions.has(channel)
  }

  /** Executes the next batch. The session keeps the backend as long as this returns 'holding'. */
  takeTurn(): 'idle' | 'holding' {
    const batch = this.#inbox.shift()
    if (batch === undefined) return 'idle'
    if (batch === 'end') {
      this.#cleanUp()
      return 'idle'
    }
    this.#inboxBytes -= batch.messages.length
    this.#execute(batch)
    this.#regulate()
    return this.#inTransaction || this.#unsynced ? 'holding' : 'idle'
  }

  /** Sends a NotificationResponse that another session's turn brought. */
  notify(notification: Buffer): void {
    if (this.#socket.destroyed) return
    this.#unreadNotificationBytes += notification.length
    if (this.#unreadNotificationBytes > maxUnreadNotificationBytes) this.#socket.destroy()
    else if (this.#socket.write(notification)) this.#unreadNotificationBytes = 0
  }

  /** Ends the connection with an error; what it sent and has not been executed is dropped. */
  terminate(refusal: Refusal): void {
    const said = errorResponse('FATAL', refusal)
    if (this.#socket.writableNeedDrain) this.#socket.destroy()
    else this.#socket.end(said, () => this.#socket.destroy())
    this.#inbox = []
    this.#end()
  }

  #received(chunk: Buffer): void {
    if (this.#ended || this.#inbox.at(-1) === 'end') return
    this.#reader.push(chunk)
    try {
      if (!this.#started) this.#start()
      if (this.#started) this.#readBatches()
    } catch (fault) {
      if (!(fault instanceof UnreadableMessage)) throw fault
      this.terminate({ code: '08P01', message: `Protocol violation: ${fault.message}.` })
      return
    }
    this.#regulate()
    if (this.ready) this.#around.ready(this)
  }

  #start(): void {
    for (let first = this.#reader.next(4); first && !this.#started; ) {
      const answer = answerStartup(first)
      if (answer.kind === 'refused') this.terminate(answer.refusal)
      if (answer.kind === 'cancel') this.#socket.destroy()
      if (answer.kind === 'refused' || answer.kind === 'cancel') return
      this.#socket.write(answer.say)
      if (answer.kind === 'welcome') {
        this.idleInTransactionTimeoutMs = answer.idleInTransactionTimeoutMs
        this.#socket.write(this.#around.greeting(this.id))
        this.#started = true
      } else first = this.#reader.next(4)
    }
  }

  #readBatches(): void {
    for (let next = this.#reader.next(5); next; next = this.#reader.next(5)) {
      const batch = this.#batches.add(next)
      if (batch === 'terminate') {
        this.#end()
        return
      }
      if (batch) {
        this.#inbox.push(batch)
        this.#inboxBytes += batch.messages.length
      } else if (this.#batches.pendingBytes > maxMessageBytes) {
        throw new UnreadableMessage(`more than ${maxMessageBytes} bytes before a Sync are not taken`)
      }
    }
  }

  #drained(): void {
    this.#unreadNotificationBytes = 0
    this.#regulate()
    if (this.ready) this.#around.ready(this)
  }

  #regulate(): void {
    const full = this.#inbox.length > 0 && this.#inboxBytes > maxWaitingBytes
    if (full || this.#socket.writableNeedDrain) this.#socket.pause()
    else if (this.#socket.isPaused()) this.#socket.resume()
  }

  #end(): void {
    if (this.#ended || this.#inbox.at(-1) === 'end') return
    this.#inbox.push('end')
    this.#around.ready(this)
  }

  #execute(batch: Batch): void {
    const around = this.#around
    // The backend has one unnamed statement; where another connection's took its place, ours is parsed anew.
    const again = batch.usesEarlierUnnamed && around.unnamedOwner !== this ? this.#unnamed : null
    this.#subscriptions.announce(batch.listening)
    const reply = around.engine.run(again ? Buffer.concat([again, batch.messages]) : batch.messages)
    if (batch.unnamed !== undefined) this.#unnamed = batch.unnamed
    if (again || batch.unnamed !== undefined) around.unnamedOwner = this
    const notify = (channel: string, notification: Buffer) => around.notify(channel, notification, this)
    const answer = answerFor(batch, reply, again !== null, this.#subscriptions, notify)
    for (const part of answer.parts) if (this.#socket.writable) this.#socket.write(part)
    this.#settle(batch, answer.status)
  }

  #settle(batch: Batch, status: string | undefined): void {
    this.#unsynced = batch.end === 'flush'
    if (this.#unsynced) return
    if (status === undefined) throw new Error('The embedded PostgreSQL gave no end to its answer.')
    this.#inTransaction = status !== 'I'
    if (!this.#inTransaction) this.#around.left(this.#subscriptions.idle())
  }

  /** Leaves nothing behind in the backend. */
  #cleanUp(): void {
    const { engine } = this.#around
    this.#ended = true
    // A Sync alone would commit what was executed before it; an error aborts that.
    if (this.#unsynced) engine.run(Buffer.concat([failing, sync]))
    // A harmless warning where there is no transaction any more.
    if (this.#unsynced || this.#inTransaction) engine.run(query('ROLLBACK'))
    this.#unsynced = false
    this.#inTransaction = false
    const names = this.#batches.statementNames
    if (names.length > 0) {
      engine.run(Buffer.concat([...names.map((name) => message('C', Buffer.from('S'), name)), sync]))
    }
    this.#around.unnamedOwner = undefined
    this.#around.left(this.#subscriptions.end())
    this.#around.ended(this)
    if (this.#socket.writable) this.#socket.end()
  }
}
