/** Bytes to the server's port that no HTTP client sends. */
import { connect, type Socket } from 'node:net'
import type { Reply } from './judge.ts'

export interface WireReply extends Reply {
  /** How many answers came. */
  readonly answers: number
}

/** A connection to the address, open. */
export function dial(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port) })
    socket.once('error', reject)
    socket.once('connect', () => {
      socket.off('error', reject)
      // The server may cut it at any moment.
      socket.on('error', () => undefined)
      resolve(socket)
    })
  })
}

/** A server that waits for the rest of what is no request does nothing wrong: its time-outs are minutes. */
const patienceMs = 800

/**
 * Sends the bytes, and reads until the server closes, or has said nothing for a third of a second behind an answer. `silent`: it waits
 * for more.
 */
export async function say(url: string, bytes: string | Buffer): Promise<WireReply> {
  const socket = await dial(url)
  return await new Promise((resolve) => {
    let text = ''
    const settle = (otherwise: Reply['status']) => {
      clearTimeout(late)
      clearTimeout(quiet)
      socket.destroy()
      const statuses = [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status))
      resolve({ status: statuses.at(-1) ?? otherwise, answers: statuses.length, body: text })
    }
    const late = setTimeout(() => settle('silent'), patienceMs)
    let quiet: NodeJS.Timeout | undefined
    socket.setEncoding('latin1').on('data', (piece) => {
      text += piece
      clearTimeout(quiet)
      quiet = setTimeout(() => settle('silent'), 300)
    })
    socket.on('close', () => settle('cut'))
    socket.write(bytes)
  })
}

const body = '{"query":"{ __typename }"}'
const lines = (...all: readonly string[]) => `${all.join('\r\n')}\r\n`

/** A request for `{ __typename }` with further header lines. */
function post(
  address: string,
  extra: readonly string[],
  sent = body,
  length = Buffer.byteLength(body),
): string {
  const head = ['POST /graphql HTTP/1.1', `Host: ${address}`, 'Content-Type: application/json']
  const sized = length < 0 ? [] : [`Content-Length: ${length}`]
  return lines(...head, ...sized, ...extra, '') + sent
}

/** A second request, hidden in what a proxy would take for the first one's body. */
const hidden = (address: string) => lines('GET /healthz HTTP/1.1', `Host: ${address}`, '')

export interface WireAttack {
  readonly bytes: string | Buffer
  /** More than so many answers: a request was read where there was none. */
  readonly mostAnswers: number
}

/** @param address as in the header Host. */
export function wireAttacks(address: string): Readonly<Record<string, WireAttack>> {
  const chunk = `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`
  const one = (bytes: string | Buffer): WireAttack => ({ bytes, mostAnswers: 1 })
  return {
    'a length and chunks': one(
      post(address, ['Transfer-Encoding: chunked'], `0\r\n\r\n${hidden(address)}`, 4),
    ),
    'chunks, and another coding': one(
      post(address, ['Transfer-Encoding: chunked, identity'], `0\r\n\r\n${hidden(address)}`, -1),
    ),
    'chunks, twice': one(
      post(
        address,
        ['Transfer-Encoding: chunked', 'Transfer-Encoding: identity'],
        chunk + hidden(address),
        -1,
      ),
    ),
    'chunks, spelt strangely': one(
      post(address, ['Transfer-Encoding: \tchunKed\u000b'], `0\r\n\r\n${hidden(address)}`, -1),
    ),
    'a space before the colon': one(
      post(address, ['Transfer-Encoding : chunked'], `0\r\n\r\n${hidden(address)}`, 4),
    ),
    'two lengths': one(post(address, ['Content-Length: 0'], body + hidden(address))),
    'a negative length': one(post(address, ['Content-Length: -1'], body, -1)),
    'a length with a sign': one(post(address, ['Content-Length: +26'], body, -1)),
    'a length in hexadecimal': one(post(address, ['Content-Length: 0x1a'], body, -1)),
    'a huge length': one(post(address, [`Content-Length: ${'9'.repeat(40)}`], body, -1)),
    'a chunk of a huge size': one(
      post(address, ['Transfer-Encoding: chunked'], `ffffffffffffffff\r\n${body}`, -1),
    ),
    'a chunk of no size': one(
      post(address, ['Transfer-Encoding: chunked'], `zz\r\n${body}\r\n0\r\n\r\n`, -1),
    ),
    'endless extensions of a chunk': one(
      post(address, ['Transfer-Encoding: chunked'], `1;${'x'.repeat(100_000)}\r\n{\r\n0\r\n\r\n`, -1),
    ),
    'two hosts': one(post(address, ['Host: elsewhere.example'])),
    'no host': one(lines('GET /healthz HTTP/1.1', '')),
    'another host': one(post('rebound.example', [])),
    'a host with a path': one(post(`${address}/@rebound.example`, [])),
    'an absolute address': one(
      lines('GET http://rebound.example/graphql HTTP/1.1', `Host: ${address}`, 'Connection: close', ''),
    ),
    'lines in a header': one(post(address, ['X-A: b\rSet-Cookie: c', 'Connection: close'])),
    'lines without a carriage return': one(post(address, ['X-A: b\nX-C: d', 'Connection: close'])),
    'a folded header': one(post(address, ['X-A: b', '\tc', 'Connection: close'])),
    'NUL in a header': one(post(address, ['X-A: b\u0000c'])),
    'a header without a name': one(post(address, [': b'])),
    'a header of a mebibyte': one(post(address, [`X-A: ${'b'.repeat(1024 * 1024)}`])),
    'twenty thousand headers': one(
      post(
        address,
        Array.from({ length: 20_000 }, (_, index) => `X-${index}: b`),
      ),
    ),
    'a path of a mebibyte': one(lines(`GET /${'a'.repeat(1024 * 1024)} HTTP/1.1`, `Host: ${address}`, '')),
    'a path with NUL': one(lines('GET /rides/\u0000.gpx HTTP/1.1', `Host: ${address}`, '')),
    'a path that is badly encoded': one(
      lines('GET /rides/%ff%zz%.gpx HTTP/1.1', `Host: ${address}`, 'Connection: close', ''),
    ),
    'a method of its own': one(lines('STEAL /graphql HTTP/1.1', `Host: ${address}`, '')),
    'a tunnel': one(lines('CONNECT 127.0.0.1:22 HTTP/1.1', `Host: ${address}`, '')),
    'a trace': one(
      lines('TRACE /graphql HTTP/1.1', `Host: ${address}`, 'Cookie: a=b', 'Connection: close', ''),
    ),
    'the first line of HTTP/2': one('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
    'HTTP/9.9': one(lines('GET / HTTP/9.9', `Host: ${address}`, '')),
    'the beginning of TLS': one(Buffer.from('16030100ff010000fb0303', 'hex')),
    'bytes of no meaning': one(Buffer.from(Array.from({ length: 4_096 }, (_, index) => (index * 197) % 256))),
    'an upgrade to what is not there': one(
      lines('GET /graphql HTTP/1.1', `Host: ${address}`, 'Connection: Upgrade', 'Upgrade: h2c', ''),
    ),
    'an upgrade without a key': one(
      lines('GET /graphql HTTP/1.1', `Host: ${address}`, 'Connection: Upgrade', 'Upgrade: websocket', ''),
    ),
    'an upgrade by POST': one(post(address, ['Connection: Upgrade', 'Upgrade: websocket'])),
    'an upgrade elsewhere': one(
      lines(
        'GET /rides/../graphql HTTP/1.1',
        `Host: ${address}`,
        'Connection: Upgrade',
        'Upgrade: websocket',
        'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
        'Sec-WebSocket-Version: 13',
        '',
      ),
    ),
    'an expectation': one(post(address, ['Expect: 200-maybe', 'Connection: close'])),
  }
}
