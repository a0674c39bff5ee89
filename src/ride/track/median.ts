/** The upper of the two in the middle, where there are two; 0 of none. Sorts `values`. */
export function median(values: Float64Array): number {
  return values.sort()[values.length >> 1] ?? 0
}
