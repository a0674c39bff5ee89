/** A file that is made once and kept in memory, packed, with its fingerprint. */
import { createHash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { gzipSync } from 'node:zlib'

export interface KeptFile {
  readonly type: string
  readonly etag: string
  readonly plain: Buffer
  readonly packed: Buffer
}

export function keptFile(type: string, text: string): KeptFile {
  const plain = Buffer.from(text)
  const etag = `"${createHash('sha256').update(plain).digest('base64url').slice(0, 22)}"`
  return { type: `${type}; charset=utf-8`, etag, plain, packed: gzipSync(plain) }
}

/** Browsers keep it and ask each time whether it is still the one: it changes with the server's version. */
export function sendKept(
  { headers, method }: IncomingMessage,
  response: ServerResponse,
  file: KeptFile,
): void {
  const { type, etag, plain, packed } = file
  const common = { etag, 'cache-control': 'no-cache', vary: 'accept-encoding' }
  if (headers['if-none-match']?.includes(etag)) {
    response.writeHead(304, common).end()
    return
  }
  const isPacked = /\bgzip\b/.test(headers['accept-encoding'] ?? '')
  const body = isPacked ? packed : plain
  response.writeHead(200, {
    ...common,
    'content-type': type,
    'content-length': body.length,
    ...(isPacked && { 'content-encoding': 'gzip' }),
  })
  response.end(method === 'HEAD' ? undefined : body)
}
