/**
 * Bytes in, recording out. The format is told by what the file holds: people rename files, and services hand
 * them out as "activity".
 */

import { type ReadOutcome, refused } from './assemble.ts'
import { isFit, readFit } from './fit.ts'
import { readGpx } from './gpx.ts'
import { readTcx } from './tcx.ts'
import { parseXml } from './xml.ts'

export type { ReadOutcome } from './assemble.ts'

/**
 * A day at one sample a second is 15 MB of TCX; what is larger is another kind of file, and a DOM of it would
 * fill the memory.
 */
const largestBytes = 64 * 1_048_576

/** Reads a FIT, GPX or TCX file. Never throws for what the bytes hold. */
export async function readRecording(bytes: Uint8Array): Promise<ReadOutcome> {
  if (bytes.length === 0) return refused('The file is empty. Copy or export it again.')
  if (bytes.length > largestBytes) {
    return refused(`The file is larger than ${largestBytes / 1_048_576} MiB, which no recorded ride is.`)
  }
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return refused('The file is packed by gzip. Unpack it first.')
  if (isFit(bytes)) return readFit(bytes)
  const text = textOf(bytes)
  if (text === undefined || !text.trimStart().startsWith('<')) return unknownFormat
  const xml = parseXml(text.trimStart())
  if (xml.outcome === 'refused') return xml
  if (xml.root.localName === 'gpx') return readGpx(xml.root)
  if (xml.root.localName === 'TrainingCenterDatabase') return readTcx(xml.root)
  return refused(
    `The file is XML of another kind (<${xml.root.tagName}>). Slipstream reads GPX, TCX and FIT.`,
  )
}

const unknownFormat = refused(
  'The file is neither GPX, TCX nor FIT. Export the activity in one of these formats.',
)

/** Undefined where the bytes are no text. */
function textOf(bytes: Uint8Array): string | undefined {
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-8'
  const text = new TextDecoder(encoding).decode(bytes)
  return text.includes('\0') ? undefined : text
}
