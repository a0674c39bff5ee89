/** Which trace a request belongs to, so that what it wrote can be found by it. */

/**
 * W3C Trace Context, 3.2.2: "version-format = trace-id "-" parent-id "-" trace-flags", in lower-case hex; version ff and ids
 * of nothing but zeros are invalid. A later version "MUST" be read by these fields, whatever stands behind them.
 */
const traceparent = /^(?!ff)[\da-f]{2}-(?!0{32})[\da-f]{32}-(?!0{16})[\da-f]{16}-[\da-f]{2}(?=$|-)/

/** The `traceparent` as far as it is known how to read it; undefined where it is none. */
export function readTraceparent(text: unknown): string | undefined {
  if (typeof text !== 'string') return undefined
  const [known] = traceparent.exec(text) ?? []
  const isWhole = known === text
  return isWhole || !text.startsWith('00') ? known : undefined
}
