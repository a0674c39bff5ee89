/** A client of the wire protocol that does just what it is told, for what no driver would do. */
import { once } from 'node:events'
import { createConnection, type Socket } from 'node:net'
import { type Reply, replies } from '#database/embedded/engine.ts'
import { int32, message, query, sync } from '#database/embedded/protocol.ts'

export { int32, message, query, sync }

const noParameters = Buffer.alloc(2)

/** Parse, Bind and Execute of a text without parameters, to be followed by a Sync or Flush. */
export function execute(sql: string, { statement = '', portal = '', rows = 0 } = {}): Buffer {
  return Buffer.concat([
    message('P', statement, sql, noParameters),
    bind(statement, portal),
    message('E', portal, int32(rows)),
  ])
}

export function bind(statement: string, portal = ''): Buffer {
  return message('B', portal, statement, Buffer.alloc(6))
}

export class WireClient {
  readonly socket: Socket
  #bytes = Buffer.alloc(0)

  private constructor(socket: Socket) {
    this.socket = socket
    socket.on('data', (chunk: Buffer) => {
      this.#bytes = Buffer.concat([this.#bytes, chunk])
    })
  }

  static async connect(url: string, parameters: Record<string, string> = {}): Promise<WireClient> {
    const { hostname, port } = new URL(url)
    const socket = createConnection(`${decodeURIComponent(hostname)}/.s.PGSQL.${port}`)
    await once(socket, 'connect')
    const client = new WireClient(socket)
    const words = Object.entries({ user: 'postgres', ...parameters }).flat()
    const body = Buffer.from(`${words.join('\0')}\0\0`)
    socket.write(Buffer.concat([int32(body.length + 8), int32(196_608), body]))
    return client
  }

  send(...messages: Buffer[]): void {
    this.socket.write(Buffer.concat(messages))
  }

  /** What has come up to and with the first message of type `last`, as `type` or `type:text`. */
  async until(last: string): Promise<string[]> {
    for (;;) {
      const said: string[] = []
      for (const reply of this.#whole()) {
        said.push(describeReply(this.#bytes, reply))
        if (reply.type !== last) continue
        this.#bytes = this.#bytes.subarray(reply.end)
        return said
      }
      await once(this.socket, 'data')
    }
  }

  *#whole(): Generator<Reply> {
    const bytes = this.#bytes
    let end = 0
    while (bytes.length >= end + 5 && bytes.length > end + bytes.readInt32BE(end + 1)) {
      end += 1 + bytes.readInt32BE(end + 1)
    }
    yield* replies(bytes.subarray(0, end))
  }
}

/** The letters of the manual; with what matters of it for a few. */
function describeReply(bytes: Buffer, { type, start, end }: Reply): string {
  const body = bytes.subarray(start + 5, end)
  if (type === 'Z') return `Z:${body.toString()}`
  if (type === 'C') return `C:${body.toString('utf8', 0, body.length - 1)}`
  if (type === 'D') return `D:${body.toString('utf8', 6)}`
  if (type === 'E') return `E:${/\0C([0-9A-Z]{5})\0/.exec(body.toString())?.[1]}`
  return type
}
