/**
 * A client's WebSocket: what is sent over it, and how much may wait to be sent. Beyond the bound nobody sends any more and
 * nothing is read from the client, so that it can ask for no more answers either, until all that waits has gone.
 *
 *   open ─ more waits than may ─► full ─ all has gone ─► open
 *                                  └─ nothing goes for a minute ─► closed, so that the client comes back and resumes
 */
import type { Buffer } from 'node:buffer'
import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'
import type { Flow } from '#live/source.ts'

const mostWaitingBytes = 1024 * 1024
/** From here on what is gathered goes at once. */
const mostGatheredBytes = 64 * 1024
/** Looks in a row at which as much waited as before. */
const mostLooksInVain = 5
/** RFC 6455's register of close codes, "Try Again Later": graphql-ws clients connect again and go on. */
const tryAgainLater = 1013

const wholeMessage = { binary: false }
const firstPart = { binary: false, fin: false }

/** Those that have something to be written at the end of this turn. */
const gathering: Connection[] = []

export class Connection {
  readonly #socket: WebSocket
  readonly #stream: Duplex
  #gathers = false
  #held: Set<Flow> | undefined
  #hasAnswered = true
  #waitedBytes = 0
  #looksInVain = 0

  /** @param stream the one that the socket was upgraded from. */
  constructor(socket: WebSocket, stream: Duplex) {
    this.#socket = socket
    this.#stream = stream
    socket.on('pong', () => {
      this.#hasAnswered = true
    })
  }

  /** Whether a subscription may send no more for now. */
  get isFull(): boolean {
    return this.#held !== undefined
  }

  /** A message, in one frame, or, where a part of it is large and sent to others too, in two. */
  send(message: string | Buffer, rest?: Buffer): void {
    const socket = this.#socket
    if (socket.readyState !== socket.OPEN) return
    this.#gather()
    if (rest === undefined) socket.send(message, wholeMessage)
    else {
      socket.send(message, firstPart)
      socket.send(rest, wholeMessage)
    }
    if (this.#stream.writableLength > mostGatheredBytes) this.#write()
    if (this.#held === undefined && socket.bufferedAmount > mostWaitingBytes) this.#fill()
  }

  /** Resumed once all that waits has gone. */
  hold(flow: Flow): void {
    this.#held?.add(flow)
    flow.forget()
  }

  /** Asks whether the client is there, every so often; cuts one that did not answer since the last time. */
  look(): void {
    if (this.isFull) {
      const bytes = this.#socket.bufferedAmount
      this.#looksInVain = bytes < this.#waitedBytes ? 0 : this.#looksInVain + 1
      this.#waitedBytes = bytes
      if (this.#looksInVain === mostLooksInVain) {
        this.#socket.close(tryAgainLater, 'You take nothing of what is sent. Connect again and resume.')
      }
    } else if (this.#hasAnswered) {
      this.#hasAnswered = false
      this.#socket.ping()
    } else this.#socket.terminate()
  }

  /**
   * Handing a message to the system is most of what it costs (four fifths of the processor's time, for 500 who are sent 300 bytes
   * each). So what is sent to a client within a turn, until its promises are settled, is handed over together. Under load a turn
   * brings more, and each message costs less.
   */
  #gather(): void {
    if (this.#gathers) return
    this.#gathers = true
    this.#stream.cork()
    if (gathering.push(this) === 1) process.nextTick(Connection.#writeAll)
  }

  static #writeAll(): void {
    for (const connection of gathering.splice(0)) {
      connection.#gathers = false
      connection.#stream.uncork()
    }
  }

  #write(): void {
    this.#stream.uncork()
    this.#stream.cork()
  }

  #fill(): void {
    this.#held = new Set()
    this.#looksInVain = 0
    this.#waitedBytes = this.#socket.bufferedAmount
    this.#socket.pause()
    this.#stream.once('drain', () => this.#drained())
  }

  #drained(): void {
    const held = this.#held ?? []
    this.#held = undefined
    // It could not be asked meanwhile.
    this.#hasAnswered = true
    this.#socket.resume()
    for (const flow of held) flow.resume()
  }
}
