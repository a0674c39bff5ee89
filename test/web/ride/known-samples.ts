/** Samples made by rule, whose numbers are known. */
import type { Samples } from '../../../web/ride/samples.ts'

export interface SampleRule {
  readonly count: number
  /** Metres per second. */
  readonly speed?: number
  /** Metres at so many metres along the way. */
  readonly altitude?: (metres: number) => number | null
  readonly heartRate?: (second: number) => number | null
  readonly power?: (second: number) => number | null
  /** A pause begins behind this sample, and lasts so many seconds. */
  readonly pauses?: readonly { readonly after: number; readonly seconds: number }[]
}

/** Due north from 46° N at a sample a second. */
export function samplesOf(rule: SampleRule): Samples {
  const {
    count,
    speed = 5,
    altitude = () => null,
    heartRate = () => null,
    power = () => null,
    pauses = [],
  } = rule
  const indexes = Array.from({ length: count }, (_, index) => index)
  const before = (index: number) => pauses.filter(({ after }) => after < index)
  // Nothing is ridden from the last sample before a pause to the first behind it.
  const steps = indexes.map((index) => Math.max(0, index - before(index).length))
  const distance = steps.map((step) => step * speed)
  const heights = distance.map(altitude)
  let climbed = 0
  return {
    time: indexes.map((index) => index + before(index).reduce((sum, { seconds }) => sum + seconds, 0)),
    distance,
    movingTime: steps,
    movingDistance: distance,
    elevationGain: heights.map((height, index) => {
      const last = heights[index - 1]
      if (height === null) return null
      climbed += last == null ? 0 : Math.max(0, height - last)
      return climbed
    }),
    segment: indexes.map((index) => before(index).length),
    latitude: distance.map((metres) => 46 + metres / 111_195),
    longitude: indexes.map(() => 7),
    altitude: heights,
    speed: indexes.map(() => speed),
    heartRate: indexes.map(heartRate),
    cadence: indexes.map(() => null),
    power: indexes.map(power),
    originalSize: count,
  }
}
