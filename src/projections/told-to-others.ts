/**
 * What others were told of a ride, and what they would have been by other zones: counted page by page, for rides may be long, and
 * this is done where others are served.
 */
import { setImmediate } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import type { Log } from '#log/log.ts'
import { readStream } from '#log/read.ts'
import { decodeRideEvent } from '#ride/encoding.ts'
import type { RideEvent } from '#ride/events.ts'
import type { Mask } from '#ride/mask.ts'
import { beginMasked, type MaskedFold, stepMasked } from '#ride/masking/masked-fold.ts'

/** Up to a version: by the zones that the ride was masked by last, and by the new ones. */
export interface Telling {
  readonly version: number
  readonly last: Mask
  readonly before: MaskedFold
  readonly after: MaskedFold
  readonly comparison: Comparison
}

const pageSize = 128
/** After so many the others are served. */
const positionsAtOnce = 10_000

/** @param known where it was counted to before. */
export async function toldUpToNow(
  log: Log,
  rideId: string,
  last: Mask,
  mask: Mask,
  known: Telling | undefined,
): Promise<Telling | 'gone' | 'masked meanwhile' | undefined> {
  let telling = known
  let positions = 0
  for (let hasMore = true; hasMore; ) {
    const page = await readStream(log, rideId, { after: telling?.version ?? 0, limit: pageSize })
    hasMore = page.length === pageSize
    for (const recorded of page) {
      if (recorded.data === null) return 'gone'
      const event = decodeRideEvent(recorded)
      if (event.type === 'RideMasked' && event.mask.version > last.version) return 'masked meanwhile'
      if (event.type === 'RidePositionsRecorded') positions += event.positions.length
      telling = telling === undefined ? begun(event, last, mask) : told(telling, event)
      if (telling === undefined) return undefined
      if (positions < positionsAtOnce) continue
      positions = 0
      await setImmediate()
    }
  }
  return telling
}

function begun(started: RideEvent, last: Mask, mask: Mask): Telling | undefined {
  if (started.type !== 'RideStarted') return undefined
  const before = beginMasked(started, last, false)
  const after = beginMasked(started, mask, false)
  const comparison = new Comparison()
  comparison.add(before.count === 0 ? [] : [started], after.count === 0 ? [] : [started])
  return { version: 1, last, before, after, comparison }
}

function told({ version, last, before, after, comparison }: Telling, event: RideEvent): Telling {
  const [own, anew] = [stepMasked(before, event), stepMasked(after, event)]
  comparison.add(own.shown, anew.shown)
  return { version: version + 1, last, before: own.fold, after: anew.fold, comparison }
}

/** Whether two ways of showing a ride are the same so far, but for what one of them shows a little later. */
class Comparison {
  #isSame = true
  readonly #ahead: { own: RideEvent[]; anew: RideEvent[] } = { own: [], anew: [] }

  add(own: readonly RideEvent[], anew: readonly RideEvent[]): void {
    if (!this.#isSame) return
    const { own: left, anew: right } = this.#ahead
    left.push(...own)
    right.push(...anew)
    const both = Math.min(left.length, right.length)
    this.#isSame = isDeepStrictEqual(left.splice(0, both), right.splice(0, both))
    if (Math.max(left.length, right.length) > mostAhead) this.#isSame = false
    if (this.#isSame) return
    left.length = 0
    right.length = 0
  }

  isSameWith(anew: readonly RideEvent[]): boolean {
    const { own, anew: ahead } = this.#ahead
    return this.#isSame && isDeepStrictEqual(own, [...ahead, ...anew])
  }
}

/** Then it is not a little. */
const mostAhead = 1_000
