/** The fastest stretches of a ride. */
import type { Milestone } from './along.ts'

/** Kilometres whose fastest stretches are kept. */
export const fastestKilometres = [5, 10, 20, 40, 100] as const
export type FastestKilometres = (typeof fastestKilometres)[number]

/**
 * Seconds of the fastest stretch of that many metres in a row, pauses in it included; null where the ride is shorter.
 *
 * Between two samples the way is ridden evenly, so how long a stretch takes changes evenly with where it begins, but for
 * where it begins or ends at a sample: the fastest one does.
 */
export function fastestOver(milestones: readonly Milestone[], metres: number): number | null {
  const fastest = Math.min(fastestFromSample(milestones, metres), fastestToSample(milestones, metres))
  return fastest === Number.POSITIVE_INFINITY ? null : fastest / 1000
}

function fastestFromSample(milestones: readonly Milestone[], metres: number): number {
  let fastest = Number.POSITIVE_INFINITY
  let to = 0
  for (const { sample, distance } of milestones) {
    const end = distance + metres
    while (to < milestones.length && milestones[to]!.distance < end) to++
    if (to === milestones.length) break
    fastest = Math.min(fastest, timeAt(milestones, to, end) - sample.at)
  }
  return fastest
}

function fastestToSample(milestones: readonly Milestone[], metres: number): number {
  let fastest = Number.POSITIVE_INFINITY
  let behind = 0
  for (const { sample, distance } of milestones) {
    const begin = distance - metres
    if (begin < 0) continue
    // Who stood there begins when he goes on.
    while (milestones[behind]!.distance <= begin) behind++
    fastest = Math.min(fastest, sample.at - timeAt(milestones, behind, begin))
  }
  return fastest
}

/** When the rider had come that far: on the way to the sample of that index, in milliseconds since 1970. */
function timeAt(milestones: readonly Milestone[], index: number, distance: number): number {
  const to = milestones[index]!
  const from = milestones[index - 1] ?? to
  if (to.distance === from.distance) return to.sample.at
  const share = (distance - from.distance) / (to.distance - from.distance)
  return from.sample.at + share * (to.sample.at - from.sample.at)
}
