/**
 * From bytes to text. What the bytes themselves say of their encoding (a mark at the beginning, zeros beside the first
 * character) goes before what the file declares: programs convert text and leave its declaration as it was.
 */

export type TextOutcome =
  /** In pieces, so that a long text is never there as a whole. */
  | { readonly outcome: 'text'; readonly pieces: Iterable<string> }
  | { readonly outcome: 'refused'; readonly reason: string }

const pieceBytes = 64 * 1024

/** Reads XML as text; undefined where the bytes are none. */
export function xmlText(bytes: Uint8Array): TextOutcome | undefined {
  const label = encodingOf(bytes)
  let decoder: TextDecoder
  try {
    decoder = new TextDecoder(label)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    const reason = `The file says that its encoding is "${label}", which is unknown here. Save it as UTF-8.`
    return { outcome: 'refused', reason }
  }
  const beginning = new TextDecoder(label).decode(bytes.subarray(0, 1_000)).trimStart()
  if (!beginning.startsWith('<') || beginning.includes('\0')) return undefined
  return { outcome: 'text', pieces: piecesOf(bytes, decoder) }
}

function* piecesOf(bytes: Uint8Array, decoder: TextDecoder): Generator<string> {
  let isBeginning = true
  for (let from = 0; from < bytes.length; from += pieceBytes) {
    const piece = decoder.decode(bytes.subarray(from, from + pieceBytes), { stream: true })
    // An XML declaration stands at the very beginning, or is none.
    yield isBeginning ? piece.trimStart() : piece
    isBeginning = false
  }
  yield decoder.decode()
}

function encodingOf(bytes: Uint8Array): string {
  const [first, second] = bytes
  if (first === 0xff && second === 0xfe) return 'utf-16le'
  if (first === 0xfe && second === 0xff) return 'utf-16be'
  if (first === 0xef && second === 0xbb) return 'utf-8'
  if (first !== 0 && second === 0) return 'utf-16le'
  if (first === 0 && second !== 0) return 'utf-16be'
  const declared = declaredEncoding(bytes)
  // Were it true, there would be zeros among the first bytes.
  return declared === undefined || /^(utf-?16|ucs-?2|iso-10646)/i.test(declared) ? 'utf-8' : declared
}

/** XML 1.0, 4.3.3: an encoding declaration can be read before the encoding is known, for it is ASCII. */
function declaredEncoding(bytes: Uint8Array): string | undefined {
  const beginning = String.fromCharCode(...bytes.subarray(0, 200))
  return /^\s*<\?xml[^>]*?\sencoding\s*=\s*["']([\w.:-]+)["']/.exec(beginning)?.[1]
}
