/**
 * What the recording device itself says of the whole ride, to hold against what is made of its samples. Not for showing:
 * what a ride's page shows is measured from its positions, whatever recorded them.
 */

export interface Totals {
  /** Metres. */
  readonly distance: Total | undefined
  /** Seconds that the device's timer ran. */
  readonly timer: Total | undefined
  /** Seconds from the start to the end. */
  readonly elapsed: Total | undefined
  /** Metres of ascent, summed as the device does that. */
  readonly ascent: Total | undefined
  /** Why the distance may be that of a wheel sensor, whose circumference its rider has set; undefined where nothing says so. */
  readonly wheel: string | undefined
  /** Whether the file names a barometer among the device's sensors. */
  readonly isBarometric: boolean
}

export interface Total {
  readonly value: number
  /** `points`: the file has no total, but its points give one by themselves. */
  readonly by: 'session' | 'laps' | 'points'
}

/** The sum of one field over all sessions or laps; undefined where one of them lacks it. */
export function sumOf(values: readonly (number | undefined)[]): number | undefined {
  if (values.length === 0) return undefined
  return values.reduce((sum, value) => (sum === undefined || value === undefined ? undefined : sum + value))
}

/** The first that is known. */
export function totalOf(
  candidates: Partial<Readonly<Record<Total['by'], number | undefined>>>,
): Total | undefined {
  for (const by of ['session', 'laps', 'points'] as const) {
    const value = candidates[by]
    if (value !== undefined) return { value, by }
  }
  return undefined
}

/** A sample as far as it says whether something else than the receiver measures the speed. */
export interface Odometer {
  readonly hasFix: boolean
  /** Metres per second. */
  readonly speed: number | undefined
  /** Metres since the start, by the device. */
  readonly distance: number | undefined
}

/** Whether a ride moved on where there was no fix to measure it by. */
export function movesWithoutFix(samples: readonly Odometer[]): boolean {
  let before: Odometer | undefined
  for (const sample of samples) {
    const went = (sample.distance ?? 0) - (before?.distance ?? sample.distance ?? 0)
    const isBlind = !sample.hasFix && before?.hasFix === false
    if (isBlind && ((sample.speed ?? 0) >= walkingSpeed || went >= walkingSpeed)) return true
    before = sample
  }
  return false
}

/** Metres per second; what a device guesses on from its last fix is over by the second sample without one. */
const walkingSpeed = 1
