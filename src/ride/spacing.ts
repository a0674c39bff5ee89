/** How often a device samples, so that a time without samples is told from an ordinary one. Milliseconds. */
import type { Position } from './position.ts'

/**
 * Longer than this between two samples, some may be missing
 * in between. Below three seconds none is worth the trouble.
 */
export function longestUsualMs(spacingMs: number | undefined): number {
  return Math.max(3_000, 1.5 * (spacingMs ?? 0))
}

/**
 * A moving average of the time between two samples, in which no single gap weighs much; undefined before
 * there are two. `positions` are those of an upload, in the order of time, all after `lastAt`.
 */
export function spacingAfter(
  before: number | undefined,
  lastAt: number | null,
  positions: readonly Position[],
): number | undefined {
  const [first, last] = [positions[0], positions.at(-1)]
  if (first === undefined || last === undefined) return before
  const from = positions.length > 1 ? first.at : lastAt
  if (from === null) return before
  const spacing = (last.at - from) / Math.max(1, positions.length - 1)
  if (before === undefined) return Math.round(spacing)
  return Math.round((3 * before + Math.min(spacing, Math.max(1_000, 2 * before))) / 4)
}
