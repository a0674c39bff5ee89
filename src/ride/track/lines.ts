/** The fixes of a segment in lines, each to be smoothed by itself. */
import { jitterOf } from './jitter.ts'
import { median } from './median.ts'
import type { Fix } from './segment.ts'

/** Behind a gap, in milliseconds or intervals, the way has nothing to do with the one before it. */
const gap = { ms: 5_000, intervals: 2.5 }
/** The receiver may err more in a town than it did before: no line is longer, and where one is of two kinds, it is halved. */
const longestLine = 600
const shortestHalved = 250
/** Chance alone makes no more of it in a line of that length. */
const alike = 1.5

/** The fixes without a gap between them, in parts of one length, and of one kind. */
export function linesOf(fixes: readonly Fix[]): (readonly Fix[])[] {
  return unbroken(fixes).flatMap((line) => {
    const parts = Math.ceil(line.length / longestLine)
    return Array.from({ length: parts }, (_, part) =>
      line.slice(Math.floor((part * line.length) / parts), Math.floor(((part + 1) * line.length) / parts)),
    ).flatMap(halved)
  })
}

function halved(line: readonly Fix[]): (readonly Fix[])[] {
  if (line.length < shortestHalved) return [line]
  const halves = [line.slice(0, line.length >> 1), line.slice(line.length >> 1)] as const
  const [less, more] = halves.map(jitterOf).sort((a, b) => a - b) as [number, number]
  return more <= alike * less ? [line] : halves.flatMap(halved)
}

function unbroken(fixes: readonly Fix[]): Fix[][] {
  const ordinary = median(Float64Array.from(fixes.slice(1), ({ at }, index) => at - fixes[index]!.at))
  const longest = Math.max(gap.ms, gap.intervals * ordinary)
  const lines: Fix[][] = []
  for (const [index, fix] of fixes.entries()) {
    if (index > 0 && fix.at - fixes[index - 1]!.at <= longest) lines.at(-1)!.push(fix)
    else lines.push([fix])
  }
  return lines
}
