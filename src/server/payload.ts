/** What is sent of an item, made once for all who are sent the same; each has its own id in front of it. */
import { Buffer } from 'node:buffer'
import type { Connection } from './connection.ts'

/** From here on a copy for each costs more than a frame of its own for what is shared. */
const worthSharingBytes = 8 * 1024

export class Payload {
  readonly bytes: number
  /** How often. */
  sent = 0
  /** With the brace that closes the message. */
  readonly #rest: Buffer
  #id: string | undefined
  #message: Buffer | undefined

  /** @param json the message's `payload`. */
  constructor(json: string) {
    this.#rest = Buffer.from(`${json}}`)
    this.bytes = this.#rest.length
  }

  sendTo(connection: Pick<Connection, 'send'>, id: string): void {
    this.sent++
    if (this.bytes >= worthSharingBytes) connection.send(Buffer.from(headOf(id)), this.#rest)
    else connection.send(this.#messageFor(id))
  }

  /** Clients count their subscriptions, so that many have the same id; or they draw lots, and none has. */
  #messageFor(id: string): Buffer {
    if (this.#id === id && this.#message !== undefined) return this.#message
    const head = headOf(id)
    const length = Buffer.byteLength(head)
    const message = Buffer.allocUnsafe(length + this.bytes)
    message.write(head)
    this.#rest.copy(message, length)
    this.#id = id
    this.#message = message
    return message
  }
}

function headOf(id: string): string {
  return `{"id":${JSON.stringify(id)},"type":"next","payload":`
}
