/**
 * PostgreSQL's wire protocol, version 3, as far as a gateway needs it: cutting a byte stream into messages
 * and building the few messages that the gateway says itself. Everything else passes through unread.
 *
 * "Most messages: one byte of type, then an int32 of length that counts itself but not the type. The first
 * message of a client has no type." (PostgreSQL manual, 54.1)
 */

/** The codes that stand where a version stands in a client's first message. */
export const startupCode = {
  version3: 3,
  cancel: 80877102,
  ssl: 80877103,
  gssEncryption: 80877104,
} as const

export interface Refusal {
  /** SQLSTATE, five characters. */
  readonly code: string
  readonly message: string
  readonly hint?: string
}

/** A message of a length that the protocol does not allow, or that this gateway does not take. */
export class UnreadableMessage extends Error {}

/** Collects chunks as they come from a socket and gives back whole messages. */
export class MessageReader {
  #chunks: Buffer[] = []
  #length = 0
  readonly #maxBytes: number

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  push(chunk: Buffer): void {
    this.#chunks.push(chunk)
    this.#length += chunk.length
  }

  /**
   * The next whole message with its header, or undefined until more has come. `headerBytes` is 4 for a
   * client's first message and 5 afterwards. Throws UnreadableMessage.
   */
  next(headerBytes: 4 | 5): Buffer | undefined {
    if (this.#length < headerBytes) return undefined
    if (this.#chunks[0]!.length < headerBytes) this.#join()
    const declared = this.#chunks[0]!.readInt32BE(headerBytes - 4)
    const total = headerBytes - 4 + declared
    if (declared < 4 || total > this.#maxBytes) {
      throw new UnreadableMessage(`a message of ${declared} bytes is not taken`)
    }
    if (this.#length < total) return undefined
    if (this.#chunks[0]!.length < total) this.#join()
    const first = this.#chunks[0]!
    if (first.length === total) this.#chunks.shift()
    else this.#chunks[0] = first.subarray(total)
    this.#length -= total
    return first.subarray(0, total)
  }

  #join(): void {
    this.#chunks = [Buffer.concat(this.#chunks)]
  }
}

/** A message of `type` with `parts` as its body; a string part is ended by a zero byte. */
export function message(type: string, ...parts: (Buffer | string)[]): Buffer {
  const body = parts.map((part) => (typeof part === 'string' ? Buffer.from(`${part}\0`) : part))
  const length = body.reduce((sum, part) => sum + part.length, 0)
  const header = Buffer.alloc(5)
  header.write(type, 'latin1')
  header.writeInt32BE(length + 4, 1)
  return Buffer.concat([header, ...body])
}

export function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}

export function query(sql: string): Buffer {
  return message('Q', sql)
}

export const sync = message('S')

export function errorResponse(severity: 'ERROR' | 'FATAL', refusal: Refusal): Buffer {
  const fields = [`S${severity}`, `V${severity}`, `C${refusal.code}`, `M${refusal.message}`]
  if (refusal.hint !== undefined) fields.push(`H${refusal.hint}`)
  return message('E', ...fields, Buffer.alloc(1))
}

/** The zero-terminated string at `offset`, or undefined where no zero byte follows. */
export function stringAt(bytes: Buffer, offset: number): string | undefined {
  const end = bytes.indexOf(0, offset)
  return end < 0 ? undefined : bytes.toString('utf8', offset, end)
}

/** The key-value pairs of a StartupMessage. */
export function startupParameters(first: Buffer): Map<string, string> {
  const words = first.toString('utf8', 8).split('\0')
  const parameters = new Map<string, string>()
  for (let i = 0; words[i]; i += 2) parameters.set(words[i]!, words[i + 1] ?? '')
  return parameters
}
