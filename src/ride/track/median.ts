/** The upper of the two in the middle, where there are two; 0 of none. Sorts `values`. */
export function median(values: Float64Array): number {
  // Intervals are mostly all the same, and what was asked for once is sorted.
  if (!isAscending(values)) values.sort()
  return values[values.length >> 1] ?? 0
}

function isAscending(values: Float64Array): boolean {
  for (let index = 1; index < values.length; index++) if (values[index]! < values[index - 1]!) return false
  return true
}
