/**
 * A FIT file cut into messages by the library, which checks its lengths and checksums. What a message says is read from its
 * raw bytes (fit-field.ts).
 */

import FitParser, { type ParsedRawFitMessage } from 'fit-file-parser'

/**
 * The messages of these global numbers, in the file's order; a string, the library's, where the file is truncated or
 * damaged.
 */
export async function fitMessagesOf(
  bytes: Uint8Array,
  globalNumbers: readonly number[],
): Promise<readonly ParsedRawFitMessage[] | string> {
  const messages: ParsedRawFitMessage[] = []
  for (const file of chained(bytes)) {
    const cut = await cutOf(file, globalNumbers)
    if (typeof cut === 'string') return cut
    // Not by push(...cut): a day of samples is more than fits on the stack.
    for (const message of cut) messages.push(message)
  }
  return messages
}

/** Whether the bytes begin with a FIT header, which says so in its bytes 8 to 11. */
export function isFit(bytes: Uint8Array): boolean {
  return String.fromCharCode(...bytes.subarray(8, 12)) === '.FIT'
}

/**
 * FIT files may be chained: each begins with a header that says how long its data is. Bytes behind the last that are no
 * header are padding.
 */
function chained(bytes: Uint8Array): Uint8Array[] {
  const files: Uint8Array[] = []
  for (let rest = bytes; isFit(rest); ) {
    const dataLength = new DataView(rest.buffer, rest.byteOffset).getUint32(4, true)
    const length = rest[0]! + dataLength + 2
    files.push(rest.subarray(0, length))
    rest = rest.subarray(length)
  }
  return files
}

async function cutOf(
  file: Uint8Array,
  globalNumbers: readonly number[],
): Promise<readonly ParsedRawFitMessage[] | string> {
  const parser = new FitParser({
    force: false,
    rawMessagesOnly: true,
    includeRawMessages: [...globalNumbers],
  })
  try {
    const parsed = await parser.parseAsync(Buffer.from(file))
    return parsed.raw_messages ?? []
  } catch (error) {
    // The library rejects with a string for what it foresees and with an Error for messages that do not fit together.
    return error instanceof Error ? error.message : String(error)
  }
}
