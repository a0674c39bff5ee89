/**
 * Bytes in, recording out. The format is told by what the file holds: people rename files, and services hand
 * them out as "activity".
 */

import { type ReadOutcome, refused } from './assemble.ts'
import { readFit } from './fit.ts'
import { isFit } from './fit-messages.ts'
import { gpxPoint, readGpx } from './gpx.ts'
import { readTcx, tcxPoint } from './tcx.ts'
import { xmlText } from './text.ts'
import { unpack } from './unpack.ts'
import { parseXml } from './xml.ts'

export type { ReadOutcome } from './assemble.ts'

/** Reads a FIT, GPX or TCX file, also one packed by gzip. Never throws for what the bytes hold. */
export async function readRecording(bytes: Uint8Array): Promise<ReadOutcome> {
  const unpacked = unpack(bytes)
  return unpacked.outcome === 'refused' ? unpacked : readUnpacked(unpacked.bytes)
}

/** The same of a file that is not packed. */
export async function readUnpacked(bytes: Uint8Array): Promise<ReadOutcome> {
  if (bytes.length === 0) return refused('The file is empty. Copy or export it again.')
  if (isFit(bytes)) return readFit(bytes)
  if (startsWith(bytes, 'PK\x03\x04')) {
    return refused('The file is a ZIP archive. Unpack it, and take the recording that is in it.')
  }
  const text = xmlText(bytes)
  if (text === undefined) return unknownFormat
  if (text.outcome === 'refused') return text
  if (isWebPage(bytes)) {
    return refused(
      'The file is a web page: what answered the download was not the recording. Sign in there and export it again.',
    )
  }
  const xml = parseXml(text.pieces, { readPoint: (element) => gpxPoint(element) ?? tcxPoint(element) })
  if (xml.outcome === 'refused') return xml
  if (xml.root.localName === 'gpx') return readGpx(xml.root)
  if (xml.root.localName === 'TrainingCenterDatabase') return readTcx(xml.root)
  return refused(
    `The file is XML of another kind (<${xml.root.tagName.slice(0, 50)}>). Slipstream reads GPX, TCX and FIT.`,
  )
}

const unknownFormat = refused(
  'The file is neither GPX, TCX nor FIT. Export the activity in one of these formats.',
)

function startsWith(bytes: Uint8Array, signature: string): boolean {
  return String.fromCharCode(...bytes.subarray(0, signature.length)) === signature
}

function isWebPage(bytes: Uint8Array): boolean {
  const beginning = new TextDecoder().decode(bytes.subarray(0, 1_000))
  return /^\s*(<\?xml.*?\?>\s*)?<(!doctype\s+html|html)\b/is.test(beginning)
}
