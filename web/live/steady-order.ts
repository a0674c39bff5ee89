/**
 * Rows that do not move under the pointer: while it is over the list those that are there stay where they are, also when their
 * ride has ended, and new ones come behind them. Pure.
 */

/** @param shown the rows as they stand. @param wanted as they would be ordered anew. */
export function holdOrder(shown: readonly string[], wanted: readonly string[]): readonly string[] {
  const known = new Set(shown)
  const isSame = shown.length === wanted.length && shown.every((id, index) => id === wanted[index])
  if (isSame) return shown
  return [...shown, ...wanted.filter((id) => !known.has(id))]
}
