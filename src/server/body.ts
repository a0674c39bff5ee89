/** Reading a request's body, bounded. */
import type { IncomingMessage } from 'node:http'

export const bodyBytesBound = 1024 * 1024

export async function readBody(request: IncomingMessage): Promise<Buffer | 'too large'> {
  if (Number(request.headers['content-length'] ?? 0) > bodyBytesBound) return 'too large'
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > bodyBytesBound) return 'too large'
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
