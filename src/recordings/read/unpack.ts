/** What gzip has packed, unpacked within bounds: a file of a few kilobytes can hold gigabytes of nothing. */

import { gunzipSync } from 'node:zlib'

/** A day at one sample a second is 25 MB of TCX; nothing that was recorded on one ride is larger than this. */
export const largestBytes = 64 * 1_048_576

export type UnpackOutcome =
  | { readonly outcome: 'unpacked'; readonly bytes: Uint8Array }
  | { readonly outcome: 'refused'; readonly reason: string }

/** The bytes themselves where they are not packed. */
export function unpack(bytes: Uint8Array): UnpackOutcome {
  if (!isGzip(bytes)) return bytes.length > largestBytes ? tooLarge : { outcome: 'unpacked', bytes }
  let unpacked: Uint8Array
  try {
    unpacked = gunzipSync(bytes, { maxOutputLength: largestBytes })
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error
    if (error.code === 'ERR_BUFFER_TOO_LARGE') return tooLarge
    return refused('The gzip file is truncated or damaged. Copy or export it again.')
  }
  if (isGzip(unpacked)) return refused('The file is packed by gzip twice. Unpack it once, then send it.')
  return { outcome: 'unpacked', bytes: unpacked }
}

function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b
}

function refused(reason: string): UnpackOutcome {
  return { outcome: 'refused', reason }
}

const tooLarge = refused(
  `The file holds more than ${largestBytes / 1_048_576} MiB, which no recorded ride does.`,
)
