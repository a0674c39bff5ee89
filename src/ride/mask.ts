/** What of a ride is its rider's alone: the places in his privacy zones. */

/** A circle. Its centre is not the place that it hides. */
export interface Zone {
  /** Degrees. */
  readonly latitude: number
  readonly longitude: number
  /** Metres. */
  readonly radius: number
}

/** A rider's zones, as they were when they had changed so often. */
export interface Mask {
  readonly version: number
  readonly zones: readonly Zone[]
  /** From which others' version of the ride is counted on. Left out in what older programs wrote (see `maskedVersion`). */
  readonly base?: number
}

/** Of a rider who never had a zone. */
export const noMask: Mask = { version: 0, zones: [] }

export function hidesNothing({ zones }: Mask): boolean {
  return zones.length === 0
}

/** By which a ride is masked that begins with it: where it hides nothing, others count the ride's own events. */
export function maskFromStart(mask: Mask = noMask): Mask {
  return hidesNothing(mask) ? { ...mask, base: 0 } : mask
}
