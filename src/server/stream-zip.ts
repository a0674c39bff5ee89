/** A ZIP on its way to its reader, entry by entry as he takes it. Each is made when those before it are written. */
import type { ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { ZipFile } from 'yazl'
import { chunksOf, isGoneAway } from './stream-file.ts'

export interface ZipEntry {
  /** With slashes between folders. */
  readonly path: string
  readonly at: Date
  /** Lines, or pieces that have been put together. */
  readonly content: Iterable<string> | AsyncIterable<string>
}

/**
 * A reader that goes away ends it, and so does an entry that fails: then the reader is cut off, so that he does not take for whole
 * what is not. Of each entry some 200 bytes are kept to the end, where the format has its list of them.
 */
export async function streamZip(entries: AsyncIterable<ZipEntry>, response: ServerResponse): Promise<void> {
  // Into what is closed nothing can be led; it went before the first byte.
  if (response.destroyed) return
  const zip = new ZipFile()
  const output = zip.outputStream
  let underWay: Readable | undefined
  let isOver = false
  // Listened to once, and not for each of an archive's thousands of entries.
  let fail = (_: unknown) => {}
  zip.on('error', (error) => fail(error))

  async function add({ path, at, content }: ZipEntry): Promise<void> {
    const pieces = Readable.from(Symbol.asyncIterator in content ? content : chunksOf(content), {
      highWaterMark: 1,
    })
    underWay = pieces
    const added = new Promise<void>((resolve, reject) => {
      pieces.once('close', resolve)
      pieces.once('error', reject)
      fail = reject
    })
    zip.addReadStreamLazy(path, { mtime: at, mode: 0o100644 }, givenOnce(pieces))
    await added
  }

  async function addAll(): Promise<void> {
    for await (const entry of entries) {
      if (isOver) return
      await add(entry)
    }
    zip.end()
  }

  const sending = pipeline(output, response).finally(() => {
    isOver = true
    underWay?.destroy()
  })
  const adding = addAll().catch((error: unknown) => {
    if (output instanceof Readable) output.destroy()
    throw error
  })
  const [added, sent] = await Promise.allSettled([adding, sending])
  if (added.status === 'rejected') throw added.reason
  if (sent.status === 'rejected' && !isGoneAway(sent.reason)) throw sent.reason
}

/**
 * The archive keeps this function to its end. It lets go of what it gave, or all that the entries were made of would be kept too:
 * of 500 rides of an hour 0.8 GB.
 */
function givenOnce(pieces: Readable): (give: (error: null, stream: Readable) => void) => void {
  let given: Readable | undefined = pieces
  return (give) => {
    if (given !== undefined) give(null, given)
    given = undefined
  }
}
