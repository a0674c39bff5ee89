/** The newest place of an upload as it is written, without decoding the up to a thousand positions before it. */
import { decodePositions, type PositionColumns } from './encoding.ts'
import { newestFix, type Position } from './position.ts'
import { isUsable } from './track/usable.ts'

/** As `newestFix` of the decoded positions. */
export function newestFixIn(before: Position | null, columns: PositionColumns): Position | null {
  const { index, at } = newestOf(columns.at)
  if (before !== null && at < before.at) return before
  const [newest] = decodePositions(onlyThat(columns, index))
  if (newest !== undefined && isUsable(newest)) return newest
  return newestFix(before ?? undefined, decodePositions(columns))
}

/** Of one time the last. */
function newestOf(times: PositionColumns['at']): { readonly index: number; readonly at: number } {
  let newest = { index: -1, at: Number.NEGATIVE_INFINITY }
  let at = 0
  for (let index = 0; index < times.length; index++) {
    at += times[index]!
    if (at >= newest.at) newest = { index, at }
  }
  return newest
}

/** The columns of one position alone: what were differences add up to its values. */
function onlyThat(columns: PositionColumns, wanted: number): PositionColumns {
  if (columns.at.length === 1) return columns
  const alone: Record<string, (number | null)[]> = {}
  for (const [field, column] of Object.entries(columns)) {
    let sum = 0
    for (let index = 0; index <= wanted; index++) sum += column[index] ?? 0
    alone[field] = [column[wanted] == null ? null : sum]
  }
  return { ...alone, at: alone['at'] as number[] }
}
