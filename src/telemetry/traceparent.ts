/** W3C Trace Context: which trace something belongs to, in one line that goes wherever it goes. */

/**
 * 3.2.2: "version-format = trace-id "-" parent-id "-" trace-flags", in lower-case hex; version ff and ids
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

const flagsAt = 53
const sampled = 1

/** 3.2.2.5.1: "When set, the least significant bit […] denotes that the caller may have recorded trace data." */
export function isSampled(text: string): boolean {
  return (Number.parseInt(text.slice(flagsAt, flagsAt + 2), 16) & sampled) === sampled
}

/** Of something that is recorded; undefined where it is in no trace, or in one that is not. */
export function recordedTrace(text: string | null | undefined): string | undefined {
  return text != null && isSampled(text) ? text : undefined
}

/** Goes on with the same trace, of which nothing more is recorded. */
export function notSampled(text: string): string {
  return `${text.slice(0, flagsAt)}00`
}

export function traceIdOf(text: string): string {
  return text.slice(3, 35)
}

export function spanIdOf(text: string): string {
  return text.slice(36, 52)
}
