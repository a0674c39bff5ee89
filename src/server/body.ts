/** Reading a request's body, bounded. */
import type { IncomingMessage } from 'node:http'

/** Of an operation, over whatever road it comes. */
export const bodyBytesBound = 1024 * 1024
/**
 * What is over the bound is read to its end and dropped, up to so much more: a client that is still sending when the
 * connection is closed sees a broken connection and not the answer that says what to do.
 */
const droppedBytes = 15 * 1024 * 1024

/** Rejects where the client goes away in the middle. */
export async function readBody(request: IncomingMessage, bytesBound: number): Promise<Buffer | 'too large'> {
  const droppedBytesBound = bytesBound + droppedBytes
  if (Number(request.headers['content-length'] ?? 0) > droppedBytesBound) return 'too large'
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes <= bytesBound) chunks.push(chunk)
    else chunks.length = 0
    if (bytes > droppedBytesBound) break
  }
  return bytes > bytesBound ? 'too large' : Buffer.concat(chunks)
}
