/** How fast something moves: over the last seconds, so that it follows what happens and does not jump about. */

export interface Rate {
  /** Takes where it is; answers how many a second, undefined before a second has passed. */
  at(position: number): number | undefined
}

const windowMs = 10_000
const soonestMs = 1_000

/** `now`: milliseconds, from anywhere. */
export function measureRate(now: () => number): Rate {
  let seen: { readonly at: number; readonly position: number }[] = []
  return {
    at(position) {
      const at = now()
      seen = [...seen.filter((each) => at - each.at <= windowMs), { at, position }]
      const [first] = seen
      const passedMs = at - first!.at
      if (passedMs < soonestMs) return undefined
      return ((position - first!.position) * 1_000) / passedMs
    },
  }
}
