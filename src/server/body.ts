/** Reading a request's body, bounded in size and, where that is asked for, in time. */
import type { IncomingMessage } from 'node:http'

/** Of an operation, over whatever road it comes. */
export const bodyBytesBound = 1024 * 1024
/**
 * What is over the bound is read to its end and dropped, up to so much more: a client that is still sending when the
 * connection is closed sees a broken connection and not the answer that says what to do.
 */
const droppedBytes = 15 * 1024 * 1024

/** How a body must come: so many bytes at least in each window of time, and all of it in so many windows. */
export interface Pace {
  readonly windowMs: number
  readonly windowBytes: number
  readonly windows: number
}

/** Rejects where the client goes away in the middle. */
export function readBody(request: IncomingMessage, bytesBound: number): Promise<Buffer | 'too large'>
export function readBody(
  request: IncomingMessage,
  bytesBound: number,
  pace: Pace,
): Promise<Buffer | 'too large' | 'too slow'>
export function readBody(
  request: IncomingMessage,
  bytesBound: number,
  pace?: Pace,
): Promise<Buffer | 'too large' | 'too slow'> {
  const droppedBytesBound = bytesBound + droppedBytes
  if (Number(request.headers['content-length'] ?? 0) > droppedBytesBound) return Promise.resolve('too large')
  return new Promise((resolve, reject) => {
    // Of one that is closed nothing would ever come.
    if (request.destroyed && !request.readableEnded) throw goneAwayError()
    const chunks: Buffer[] = []
    let bytes = 0
    const timer = pace && setInterval(checkOf(pace), pace.windowMs)
    request.on('data', take).on('end', finish).on('error', reject).on('close', goneAway)

    function take(chunk: Buffer): void {
      bytes += chunk.length
      if (bytes <= bytesBound) chunks.push(chunk)
      else chunks.length = 0
      if (bytes > droppedBytesBound) settle('too large')
    }

    function finish(): void {
      settle(bytes > bytesBound ? 'too large' : joined(chunks))
    }

    function checkOf({ windowBytes, windows }: Pace): () => void {
      let before = 0
      let left = windows
      return () => {
        left--
        if (bytes - before < windowBytes || left === 0) settle('too slow')
        before = bytes
      }
    }

    /** The request stays as it is, not destroyed: its answer is sent over the same connection. */
    function settle(body: Buffer | 'too large' | 'too slow'): void {
      clearInterval(timer)
      request.off('data', take).off('end', finish).off('close', goneAway)
      if (typeof body === 'string') request.pause()
      resolve(body)
    }

    function goneAway(): void {
      clearInterval(timer)
      reject(goneAwayError())
    }
  })
}

/** What came in one piece, as nearly all does, is not copied. */
function joined(chunks: readonly Buffer[]): Buffer {
  const [first] = chunks
  return first !== undefined && chunks.length === 1 ? first : Buffer.concat(chunks)
}

function goneAwayError(): Error {
  return new Error('The client went away in the middle of its body')
}
