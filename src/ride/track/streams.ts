/** Streams: what was measured along a track, as arrays of one length. */
import type { Milestone } from './along.ts'
import { thinned } from './thinning.ts'

/** Null where a sensor or the fix was missing. */
type Channel = readonly (number | null)[]

export interface Streams {
  /** Seconds since the start. */
  readonly time: readonly number[]
  /** Metres ridden until then. */
  readonly distance: readonly number[]
  readonly latitude: Channel
  readonly longitude: Channel
  readonly altitude: Channel
  /** Metres per second: the device's own, else that of the leg that ends there. */
  readonly speed: Channel
  readonly heartRate: Channel
  readonly cadence: Channel
  readonly power: Channel
  /** How many samples there are without thinning. */
  readonly originalSize: number
}

/** At most `resolution` samples (2 or more), the first and the last among them; all where it is left out. */
export function streamsOf(
  startedAt: number,
  milestones: readonly Milestone[],
  resolution?: number | undefined,
): Streams {
  const all = channelsOf(startedAt, milestones)
  const originalSize = milestones.length
  if (resolution === undefined || originalSize <= resolution) return { ...all, originalSize }
  const { time, distance, latitude, longitude, ...measured } = all
  const kept = thinned(time, {
    resolution,
    shapes: [distance, latitude, longitude],
    extremes: Object.values(measured),
  })
  const pick = <Value>(channel: readonly Value[]): Value[] => kept.map((index) => channel[index]!)
  return {
    time: pick(time),
    distance: pick(distance),
    latitude: pick(latitude),
    longitude: pick(longitude),
    altitude: pick(measured.altitude),
    speed: pick(measured.speed),
    heartRate: pick(measured.heartRate),
    cadence: pick(measured.cadence),
    power: pick(measured.power),
    originalSize,
  }
}

function channelsOf(startedAt: number, milestones: readonly Milestone[]): Omit<Streams, 'originalSize'> {
  const channel = (read: (milestone: Milestone) => number | null | undefined): Channel =>
    milestones.map((milestone) => read(milestone) ?? null)
  return {
    time: milestones.map(({ sample }) => (sample.at - startedAt) / 1000),
    distance: milestones.map(({ distance }) => distance),
    latitude: channel(({ sample }) => sample.latitude),
    longitude: channel(({ sample }) => sample.longitude),
    altitude: channel(({ sample }) => sample.altitude),
    speed: channel(({ sample, speed }) => sample.speed ?? speed),
    heartRate: channel(({ sample }) => sample.heartRate),
    cadence: channel(({ sample }) => sample.cadence),
    power: channel(({ sample }) => sample.power),
  }
}
