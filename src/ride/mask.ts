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
}

/** Of a rider who never had a zone. */
export const noMask: Mask = { version: 0, zones: [] }
