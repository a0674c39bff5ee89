/** A file on its way to its reader: piece by piece as he takes it, packed where he can unpack it. */
import type { ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setImmediate } from 'node:timers/promises'
import { createGzip } from 'node:zlib'

export type Coding = 'gzip' | 'identity'

/**
 * By the header Accept-Encoding (RFC 9110, 12.5.3): what weighs more, and gzip where both weigh the same or nothing is said of
 * `identity`; as it is for who does not say that he can unpack gzip.
 */
export function codingFor(header: string | undefined): Coding {
  const weights = new Map<string, number>()
  for (const one of (header ?? '').toLowerCase().split(',')) {
    const [name = '', ...parameters] = one.split(';').map((part) => part.trim())
    const weight = parameters.find((parameter) => parameter.startsWith('q='))
    weights.set(name, weight === undefined ? 1 : Number(weight.slice('q='.length)) || 0)
  }
  const others = weights.get('*') ?? 0
  const gzip = weights.get('gzip') ?? weights.get('x-gzip') ?? others
  const identity = weights.get('identity') ?? others
  return gzip > 0 && gzip >= identity ? 'gzip' : 'identity'
}

/** As fast as the reader takes it; one that goes away ends it. The headers are written before. */
export async function streamFile(
  lines: Iterable<string>,
  response: ServerResponse,
  coding: Coding,
): Promise<void> {
  // Into what is closed nothing can be led; it went before the first byte.
  if (response.destroyed) return
  const chunks = Readable.from(chunksOf(lines), { highWaterMark: 1 })
  try {
    await (coding === 'gzip' ? pipeline(chunks, createGzip(), response) : pipeline(chunks, response))
  } catch (error) {
    if (!isGoneAway(error)) throw error
  }
}

/** Characters: so much is written while nothing else of the process gets its turn, in about half a millisecond. */
const chunkLength = 65_536

export async function* chunksOf(lines: Iterable<string>): AsyncGenerator<string> {
  let chunk = ''
  for (const line of lines) {
    chunk += line
    if (chunk.length < chunkLength) continue
    yield chunk
    chunk = ''
    // A socket that takes all at once never lets go by itself: a file of 60 MB held everybody up for 0.8 s.
    await setImmediate()
  }
  if (chunk !== '') yield chunk
}

export function isGoneAway(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return code === 'ERR_STREAM_PREMATURE_CLOSE' || code === 'ECONNRESET' || code === 'EPIPE'
}
