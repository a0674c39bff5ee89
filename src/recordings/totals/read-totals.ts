/** Bytes in, the device's own totals out. */

import { isFit } from '#recordings/read/fit-messages.ts'
import { xmlText } from '#recordings/read/text.ts'
import { unpack } from '#recordings/read/unpack.ts'
import { parseXml } from '#recordings/read/xml.ts'
import { fitTotals } from './fit-totals.ts'
import { gpxTotals } from './gpx-totals.ts'
import { tcxTotals } from './tcx-totals.ts'
import type { Totals } from './totals.ts'

/** Undefined where the file is no recording, or a damaged one: what is wrong with it says `readRecording`. */
export async function totalsOf(packed: Uint8Array): Promise<Totals | undefined> {
  const unpacked = unpack(packed)
  if (unpacked.outcome === 'refused') return undefined
  const { bytes } = unpacked
  if (isFit(bytes)) return fitTotals(bytes)
  const text = xmlText(bytes)
  if (text?.outcome !== 'text') return undefined
  const xml = parseXml(text.pieces)
  if (xml.outcome === 'refused') return undefined
  switch (xml.root.localName) {
    case 'gpx':
      return gpxTotals(xml.root)
    case 'TrainingCenterDatabase':
      return tcxTotals(xml.root)
    default:
      return undefined
  }
}
