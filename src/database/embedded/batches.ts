/**
 * Gathers one client's messages into batches that can be given to the backend at once, and rewrites them for
 * the session that all clients share: names of prepared statements are replaced by ones of the gateway's own,
 * texts are inspected. A batch ends where the client waits for an answer: at a Query, Sync, Flush or
 * FunctionCall. Portals need no renaming: they end with the transaction, and that has the backend to itself.
 */
import { inspect, type Listening } from './inspection.ts'
import { message, type Refusal, stringAt, UnreadableMessage } from './protocol.ts'

export interface Batch {
  readonly messages: Buffer
  /** After a Flush the client is not done: no ReadyForQuery, and the backend stays with it. */
  readonly end: 'query' | 'sync' | 'flush'
  /** Why a text of it was refused; it holds the marker in that text's place. */
  readonly refusal: Refusal | undefined
  /** What its statements listen to, in the order of their execution. */
  readonly listening: readonly Listening[]
  /** It uses the unnamed statement of an earlier batch. */
  readonly usesEarlierUnnamed: boolean
  /** The Parse message of the unnamed statement that it leaves, null where it leaves none. */
  readonly unnamed: Buffer | null | undefined
}

const terminate = 'X'
/** "The backend ignores them": what an abandoned COPY may still send. */
const copyMessages = 'dcf'

export class Batches {
  readonly #newName: () => string
  readonly #names = new Map<string, string>()
  readonly #statements = new Map<string, readonly Listening[]>()
  readonly #portals = new Map<string, readonly Listening[]>()
  #messages: Buffer[] = []
  #bytes = 0
  #refusal: Refusal | undefined
  #listening: Listening[] = []
  #usesEarlierUnnamed = false
  #unnamed: Buffer | null | undefined

  /** `newName` gives a statement name that no other connection has. */
  constructor(newName: () => string) {
    this.#newName = newName
  }

  /** Names in the backend of all statements that the client has prepared and not closed. */
  get statementNames(): readonly string[] {
    return [...this.#names.values()]
  }

  /** Bytes of the batch that is not complete yet. */
  get pendingBytes(): number {
    return this.#bytes
  }

  /** Takes the next message; returns the batch that it completes. Throws UnreadableMessage. */
  add(bytes: Buffer): Batch | 'terminate' | undefined {
    const type = String.fromCharCode(bytes[0]!)
    if (type === terminate) return 'terminate'
    if (copyMessages.includes(type)) return undefined
    this.#push(this.#rewritten(type, bytes))
    if (type === 'S') return this.#complete('sync')
    if (type === 'H') return this.#complete('flush')
    if (type === 'Q' || type === 'F') return this.#complete('query')
    return undefined
  }

  #push(bytes: Buffer): void {
    this.#messages.push(bytes)
    this.#bytes += bytes.length
  }

  #complete(end: Batch['end']): Batch {
    const batch: Batch = {
      messages: this.#messages.length === 1 ? this.#messages[0]! : Buffer.concat(this.#messages),
      end,
      refusal: this.#refusal,
      listening: this.#listening,
      usesEarlierUnnamed: this.#usesEarlierUnnamed,
      unnamed: this.#unnamed,
    }
    this.#messages = []
    this.#bytes = 0
    this.#refusal = undefined
    this.#listening = []
    this.#usesEarlierUnnamed = false
    this.#unnamed = undefined
    return batch
  }

  #rewritten(type: string, bytes: Buffer): Buffer {
    switch (type) {
      case 'Q':
        return this.#query(bytes)
      case 'P':
        return this.#parse(bytes)
      case 'B':
        return this.#bind(bytes)
      case 'D':
      case 'C':
        return this.#describeOrClose(type, bytes)
      case 'E':
        this.#listening.push(...(this.#portals.get(text(bytes, 5)) ?? []))
        return bytes
      case 'S':
      case 'H':
      case 'F':
        return bytes
      default:
        throw new UnreadableMessage(`no message of the protocol begins with ${JSON.stringify(type)}`)
    }
  }

  #query(bytes: Buffer): Buffer {
    const given = text(bytes, 5)
    const { sql, refusal, listening } = inspect(given)
    this.#refusal ??= refusal
    this.#listening.push(...listening)
    this.#unnamed = null
    return sql === given ? bytes : message('Q', sql)
  }

  #parse(bytes: Buffer): Buffer {
    const name = text(bytes, 5)
    const sqlAt = 5 + Buffer.byteLength(name) + 1
    const given = text(bytes, sqlAt)
    const { sql, refusal, listening } = inspect(given)
    this.#refusal ??= refusal
    this.#statements.set(name, listening)
    if (listening.length === 0) this.#statements.delete(name)
    if (name !== '' && !this.#names.has(name)) this.#names.set(name, this.#newName())
    const types = bytes.subarray(sqlAt + Buffer.byteLength(given) + 1)
    const parse = name === '' && sql === given ? bytes : message('P', this.#backendName(name), sql, types)
    if (name === '') this.#unnamed = parse
    return parse
  }

  #bind(bytes: Buffer): Buffer {
    const portal = text(bytes, 5)
    const nameAt = 5 + Buffer.byteLength(portal) + 1
    const name = text(bytes, nameAt)
    const listening = this.#statements.get(name)
    if (listening) this.#portals.set(portal, listening)
    else this.#portals.delete(portal)
    if (name === '') return this.#usingUnnamed(bytes)
    const rest = bytes.subarray(nameAt + Buffer.byteLength(name) + 1)
    return message('B', portal, this.#backendName(name), rest)
  }

  #describeOrClose(type: 'D' | 'C', bytes: Buffer): Buffer {
    const name = text(bytes, 6)
    if (bytes[5] !== 0x53) return bytes
    if (name === '') {
      if (type === 'D') return this.#usingUnnamed(bytes)
      this.#unnamed = null
      return bytes
    }
    const rewritten = message(type, bytes.subarray(5, 6), this.#backendName(name))
    if (type === 'C') this.#names.delete(name)
    return rewritten
  }

  #usingUnnamed(bytes: Buffer): Buffer {
    if (this.#unnamed === undefined) this.#usesEarlierUnnamed = true
    return bytes
  }

  /** An unknown name is kept recognisable for the backend's own error, and apart from the gateway's names. */
  #backendName(name: string): string {
    return name === '' ? '' : (this.#names.get(name) ?? `unknown ${name}`)
  }
}

/** The zero-terminated string at `offset`. Throws UnreadableMessage where there is none. */
function text(bytes: Buffer, offset: number): string {
  const found = stringAt(bytes, offset)
  if (found === undefined) throw new UnreadableMessage('a string in a message has no end')
  return found
}
