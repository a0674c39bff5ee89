/**
 * Numbers that were reckoned, without the decimals that nobody measured. Of recorded ones the log has no more
 * (`encoding.ts`).
 */
import type { Split } from '#ride/track/splits.ts'
import type { TrackStatistics } from '#ride/track/statistics.ts'

type Rounding = (value: number) => number

/** To the centimetre. */
export const metres = nearest(100)
/** To the millisecond. */
export const seconds = nearest(1_000)
/** To the millimetre a second. */
export const metresPerSecond = nearest(1_000)
/** About a centimetre. */
export const degrees = nearest(1e7)
/** A mile has millimetres. */
const splitMetres = nearest(1_000)
/** Of beats, turns and watts. */
const average = nearest(10)

export function orNull(value: number | null, round: Rounding): number | null {
  return value === null ? null : round(value)
}

export function roundedStatistics(statistics: TrackStatistics): TrackStatistics {
  return {
    distance: metres(statistics.distance),
    elapsedTime: seconds(statistics.elapsedTime),
    timerTime: seconds(statistics.timerTime),
    movingTime: seconds(statistics.movingTime),
    averageSpeed: metresPerSecond(statistics.averageSpeed),
    maxSpeed: metresPerSecond(statistics.maxSpeed),
    elevationGain: orNull(statistics.elevationGain, metres),
    elevationLoss: orNull(statistics.elevationLoss, metres),
    averageHeartRate: orNull(statistics.averageHeartRate, average),
    maxHeartRate: statistics.maxHeartRate,
    averageCadence: orNull(statistics.averageCadence, average),
    averagePower: orNull(statistics.averagePower, average),
  }
}

/**
 * Where each ends is rounded, not what each is: so all of them together still are the ride, as its statistics
 * have it. A rest that comes to nothing belongs to the split before it.
 */
export function roundedSplits(splits: readonly Split[]): Split[] {
  const parts = withoutEmptyRest(splits)
  const distances = shares(parts, ({ distance }) => distance, splitMetres, metres)
  const elapsedTimes = shares(parts, ({ elapsedTime }) => elapsedTime, seconds)
  const movingTimes = shares(parts, ({ movingTime }) => movingTime, seconds)
  const elevationChanges = shares(parts, ({ elevationChange }) => elevationChange ?? 0, metres)
  return parts.map(({ index, averageSpeed, elevationChange }, each) => ({
    index,
    distance: distances[each]!,
    elapsedTime: elapsedTimes[each]!,
    movingTime: movingTimes[each]!,
    averageSpeed: metresPerSecond(averageSpeed),
    elevationChange: elevationChange === null ? null : elevationChanges[each]!,
  }))
}

/** The whole is to the centimetre, which may be no more than the millimetres of the whole miles. */
function withoutEmptyRest(splits: readonly Split[]): readonly Split[] {
  const [before, rest] = splits.slice(-2)
  if (before === undefined || rest === undefined) return splits
  const upTo = splits.slice(0, -1).reduce((sum, { distance }) => sum + distance, 0)
  if (metres(upTo + rest.distance) > splitMetres(upTo)) return splits
  const joined: Split = {
    index: before.index,
    distance: before.distance + rest.distance,
    elapsedTime: before.elapsedTime + rest.elapsedTime,
    movingTime: before.movingTime + rest.movingTime,
    averageSpeed: before.averageSpeed,
    elevationChange:
      before.elevationChange === null || rest.elevationChange === null
        ? null
        : before.elevationChange + rest.elevationChange,
  }
  return [...splits.slice(0, -2), joined]
}

function shares(
  splits: readonly Split[],
  read: (split: Split) => number,
  round: Rounding,
  roundLast: Rounding = round,
): number[] {
  let sum = 0
  let before = 0
  return splits.map((split, index) => {
    sum += read(split)
    const reached = (index === splits.length - 1 ? roundLast : round)(sum)
    const share = round(reached - before)
    before = reached
    return share
  })
}

function nearest(unitsInOne: number): Rounding {
  // Not -0, which JSON shows as -0 or 0 as it likes.
  return (value) => Math.round(value * unitsInOne) / unitsInOne + 0
}
