/** Which fixes of a stretch a bicycle can have been at. */
import { chord, distanceBetween, throughTheEarth } from './geodesy.ts'
import type { Fix } from './segment.ts'

/** No bicycle is faster, in metres per second: a longer leap is a fault of the receiver. */
export const possibleSpeed = 35

export function isPossible(from: Fix, to: Fix): boolean {
  return distanceBetween(from, to) * 1000 <= possibleSpeed * (to.at - from.at)
}

/** The same, told at once of most that are too far apart: through the earth it is no further than over it. */
function canFollow(from: Fix, to: Fix, through: number): boolean {
  return through * 1000 <= possibleSpeed * (to.at - from.at) && isPossible(from, to)
}

/**
 * How many fixes may be left out to avoid one leap. A receiver that errs comes back within a minute or two; where more
 * follows, the rider was carried there (or his clock was set), and both sides of the leap are kept.
 */
export const leapCost = 60
/** How far back a fix looks for one that it can follow on; only where nearly every fix errs is there more to find. */
const lookBack = 5 * leapCost

/**
 * The fixes of a stretch, in the order of time, without those that no bicycle can have been at: as few as possible are left
 * out so that each follows on the one before it at a possible speed. Runs between which there is a leap all the same come
 * apart. Leaving out fixes of the result leaves nothing better, so doing it again changes nothing.
 *
 * By dynamic programming over fixes: the least cost of a history that ends in fix j is that of one that ends in an earlier
 * fix i, plus one for each fix between them, plus `leapCost` where j cannot follow on i. Normally i is the fix just before
 * and nothing else is looked at.
 */
export function possibleRuns(fixes: readonly Fix[]): Fix[][] {
  const count = fixes.length
  if (count === 0) return []
  /** Of the best history that ends in each fix: its cost less its index, what came before, and whether by a leap. */
  const cost = new Float64Array(count)
  const before = new Int32Array(count).fill(-1)
  const isLeap = new Uint8Array(count)
  /** Where the least `cost` up to and with each fix is. */
  const cheapest = new Int32Array(count)
  const places = fixes.map(throughTheEarth)
  for (let index = 1; index < count; index++) {
    // Cost less index: the fixes left out before the first cost as much as its index, so all is told by `cost`.
    const leapFrom = cheapest[index - 1]!
    let least = Math.min(0, cost[leapFrom]! - 1 + leapCost)
    before[index] = least === 0 ? -1 : leapFrom
    isLeap[index] = least === 0 ? 0 : 1
    for (let from = index - 1; from >= Math.max(0, index - lookBack); from--) {
      if (cost[cheapest[from]!]! - 1 >= least) break
      if (
        cost[from]! - 1 >= least ||
        !canFollow(fixes[from]!, fixes[index]!, chord(places[from]!, places[index]!))
      )
        continue
      least = cost[from]! - 1
      before[index] = from
      isLeap[index] = 0
    }
    cost[index] = least
    cheapest[index] = least <= cost[leapFrom]! ? index : leapFrom
  }
  return runsOf(fixes, { last: cheapest[count - 1]!, before, isLeap })
}

function runsOf(
  fixes: readonly Fix[],
  history: { last: number; before: Int32Array; isLeap: Uint8Array },
): Fix[][] {
  const runs: Fix[][] = [[]]
  for (let index = history.last; index >= 0; index = history.before[index]!) {
    runs.at(-1)!.push(fixes[index]!)
    if (history.isLeap[index] === 1) runs.push([])
  }
  return runs.map((run) => run.reverse()).reverse()
}
