/** Reading a request's body, bounded. */
import type { IncomingMessage } from 'node:http'

export const bodyBytesBound = 1024 * 1024
/**
 * What is over the bound is read to its end and dropped, up to here: a client that is still sending when the connection is
 * closed sees a broken connection and not the answer that says what to do.
 */
const droppedBytesBound = 16 * 1024 * 1024

export async function readBody(request: IncomingMessage): Promise<Buffer | 'too large'> {
  if (Number(request.headers['content-length'] ?? 0) > droppedBytesBound) return 'too large'
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes <= bodyBytesBound) chunks.push(chunk)
    else chunks.length = 0
    if (bytes > droppedBytesBound) break
  }
  return bytes > bodyBytesBound ? 'too large' : Buffer.concat(chunks)
}
