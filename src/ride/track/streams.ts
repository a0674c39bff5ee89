/** Streams: what was measured along a track, as arrays of one length. */
import type { Milestone } from './along.ts'
import { climbedAlong } from './climb.ts'
import type { Track } from './segment.ts'
import { byWeight } from './thinning.ts'

/** Null where a sensor or the fix was missing. */
type Channel = readonly (number | null)[]

export interface Streams {
  /** Seconds since the start. */
  readonly time: readonly number[]
  /** Metres ridden until then. */
  readonly distance: readonly number[]
  /** Seconds in motion until then. */
  readonly movingTime: readonly number[]
  /** Metres that were ridden in that time: across a silence of minutes, where nobody knows whether he moved, none. */
  readonly movingDistance: readonly number[]
  /** Metres climbed until then. */
  readonly elevationGain: Channel
  /** Of the track: 0 for the first. Between two of them nothing is ridden. */
  readonly segment: readonly number[]
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

/**
 * The streams of one track in as many resolutions as are asked for: at most so many samples (2 or more), the first and the last
 * among them; all where it is left out. A finer one goes on where the coarser ones stopped, and a
 * channel is thinned when it is read: all of them together cost little more than the finest and what is read.
 */
export function openStreams(
  track: Track,
  milestones: readonly Milestone[],
): (resolution?: number | undefined) => Streams {
  const all = channelsOf(track, milestones)
  const { time, distance, latitude, longitude, altitude, speed, heartRate, cadence, power, originalSize } =
    all
  const weighed: number[] = []
  const rest = byWeight(time, {
    shapes: [distance, latitude, longitude],
    extremes: [altitude, speed, heartRate, cadence, power],
  })
  return (resolution = originalSize) =>
    originalSize <= resolution ? all : picked(all, () => keep(resolution))

  /** Ascending. */
  function keep(resolution: number): Int32Array {
    while (weighed.length < resolution) {
      const { done, value } = rest.next()
      if (done) break
      weighed.push(value)
    }
    return Int32Array.from(weighed.slice(0, resolution)).sort()
  }
}

function picked(all: Streams, keep: () => Int32Array): Streams {
  let kept: Int32Array | undefined
  const pick = <Value>(channel: readonly Value[]): Value[] => {
    kept ??= keep()
    return Array.from(kept, (index) => channel[index]!)
  }
  return {
    get time() {
      return pick(all.time)
    },
    get distance() {
      return pick(all.distance)
    },
    get movingTime() {
      return pick(all.movingTime)
    },
    get movingDistance() {
      return pick(all.movingDistance)
    },
    get elevationGain() {
      return pick(all.elevationGain)
    },
    get segment() {
      return pick(all.segment)
    },
    get latitude() {
      return pick(all.latitude)
    },
    get longitude() {
      return pick(all.longitude)
    },
    get altitude() {
      return pick(all.altitude)
    },
    get speed() {
      return pick(all.speed)
    },
    get heartRate() {
      return pick(all.heartRate)
    },
    get cadence() {
      return pick(all.cadence)
    },
    get power() {
      return pick(all.power)
    },
    originalSize: all.originalSize,
  }
}

function channelsOf(track: Track, milestones: readonly Milestone[]): Streams {
  let climbed: Channel | undefined
  const channel = (read: (milestone: Milestone) => number | null | undefined): Channel =>
    milestones.map((milestone) => read(milestone) ?? null)
  return {
    time: milestones.map(({ sample }) => (sample.at - track.startedAt) / 1000),
    distance: milestones.map(({ distance }) => distance),
    movingTime: milestones.map(({ movingMs }) => movingMs / 1000),
    movingDistance: milestones.map(({ movingDistance }) => movingDistance),
    get elevationGain() {
      climbed ??= climbedAlong(track)
      return climbed
    },
    segment: milestones.map(({ segment }) => segment),
    latitude: channel(({ sample }) => sample.latitude),
    longitude: channel(({ sample }) => sample.longitude),
    altitude: channel(({ sample }) => sample.altitude),
    speed: channel(({ sample, speed }) => sample.speed ?? speed),
    heartRate: channel(({ sample }) => sample.heartRate),
    cadence: channel(({ sample }) => sample.cadence),
    power: channel(({ sample }) => sample.power),
    originalSize: milestones.length,
  }
}
