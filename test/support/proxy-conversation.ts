/** What goes through the proxy, read as PostgreSQL's protocol: who asks what, and when it has been answered. */
import { int32, MessageReader, startupCode } from '#database/embedded/protocol.ts'

export interface Conversation {
  /** Takes what came from the client and gives what of it goes on to the server, in whole messages. */
  fromClient(chunk: Buffer): Buffer
  fromServer(chunk: Buffer): Buffer
}

export interface ConversationOptions {
  /** Says something to the client in the server's place. */
  readonly reply: (bytes: Buffer) => void
  /** A statement is about to go to the server. */
  readonly asked: (statement: string) => void
  /** The server has answered and waits for the next statement. */
  readonly answered: () => void
  /** By the message's type, of what comes from the server. */
  readonly isSwallowed: (type: string) => boolean
}

const mostBytes = 2 ** 30

export function createConversation({
  reply,
  asked,
  answered,
  isSwallowed,
}: ConversationOptions): Conversation {
  const client = new MessageReader(mostBytes)
  const server = new MessageReader(mostBytes)
  /** Texts of prepared statements by their name; the unnamed one is the empty name. */
  const prepared = new Map<string, string>()
  let isStarted = false

  /** Whether it goes on to the server. */
  function isForwarded(message: Buffer): boolean {
    if (!isStarted) {
      const code = message.readInt32BE(4)
      if (code === startupCode.ssl || code === startupCode.gssEncryption) {
        reply(Buffer.from('N'))
        return false
      }
      isStarted = true
      return true
    }
    switch (typeOf(message)) {
      case 'Q':
        asked(text(message, 5).value)
        break
      case 'P': {
        const name = text(message, 5)
        prepared.set(name.value, text(message, name.end).value)
        break
      }
      case 'B':
        asked(prepared.get(text(message, text(message, 5).end).value) ?? '')
        break
    }
    return true
  }

  return {
    fromClient(chunk) {
      client.push(chunk)
      const whole: Buffer[] = []
      for (;;) {
        const message = client.next(isStarted ? 5 : 4)
        if (message === undefined) return Buffer.concat(whole)
        if (isForwarded(message)) whole.push(message)
      }
    },
    fromServer(chunk) {
      server.push(chunk)
      const whole: Buffer[] = []
      for (;;) {
        const message = server.next(5)
        if (message === undefined) return Buffer.concat(whole)
        const type = typeOf(message)
        if (!isSwallowed(type)) whole.push(message)
        if (type === readyForQuery) answered()
      }
    },
  }
}

/** A client's first message, for a client that is none of the drivers. */
export function startupMessage(): Buffer {
  return Buffer.concat([int32(9), int32(startupCode.version3 << 16), Buffer.alloc(1)])
}

const readyForQuery = 'Z'

function typeOf(message: Buffer): string {
  return String.fromCharCode(message[0]!)
}

function text(message: Buffer, from: number): { readonly value: string; readonly end: number } {
  const zero = message.indexOf(0, from)
  return { value: message.toString('utf8', from, zero), end: zero + 1 }
}
