/** What was measured along a ride. */
import type { Streams } from '#ride/track/streams.ts'
import { builder } from './builder.ts'
import { asGraphQLError } from './errors.ts'
import { metres, metresPerSecond, orNull, seconds } from './rounding.ts'

const holed = { nullable: { list: false, items: true } } as const

/** What was recorded comes as the log has it; what was reckoned, of no more decimals. */
export const RideStreams = builder.objectRef<Streams>('RideStreams').implement({
  description:
    'Arrays of one length. `time` in seconds since startedAt; null where a sensor or the fix was missing.',
  fields: (t) => ({
    time: t.floatList({
      description: 'Seconds since startedAt, pauses included.',
      resolve: ({ time }) => time.map(seconds),
    }),
    distance: t.floatList({
      description: 'Metres ridden until then; the last is the distance of the statistics.',
      resolve: ({ distance }) => distance.map(metres),
    }),
    movingTime: t.floatList({
      description: 'Seconds in motion until then; the last is the moving time of the statistics.',
      resolve: ({ movingTime }) => movingTime.map(seconds),
    }),
    movingDistance: t.floatList({
      description:
        'Metres ridden in that time. Between two samples, the growth of this over that of movingTime is the average speed as the statistics have it: across two minutes without a fix neither counts.',
      resolve: ({ movingDistance }) => movingDistance.map(metres),
    }),
    elevationGain: t.floatList({
      ...holed,
      description:
        'Metres climbed until then; the last is the elevation gain of the statistics, null where no altitude was measured.',
      resolve: ({ elevationGain }) => elevationGain.map((each) => orNull(each, metres)),
    }),
    segment: t.intList({
      description:
        'The number of the stretch, between two pauses or leaps of the receiver, that the sample is of: 0 for the first. From one to the next nothing is ridden.',
      resolve: ({ segment }) => segment,
    }),
    latitude: t.field({
      ...holed,
      type: ['Latitude'],
      description: 'Degrees north, without jitter.',
      resolve: ({ latitude }) => latitude,
    }),
    longitude: t.field({
      ...holed,
      type: ['Longitude'],
      description: 'Degrees east, without jitter.',
      resolve: ({ longitude }) => longitude,
    }),
    altitude: t.floatList({
      ...holed,
      description: 'Metres above sea level.',
      resolve: ({ altitude }) => altitude,
    }),
    speed: t.floatList({
      ...holed,
      description: "Metres per second: the device's own where it measured one, else from fix to fix.",
      resolve: ({ speed }) => speed.map((each) => orNull(each, metresPerSecond)),
    }),
    heartRate: t.intList({
      ...holed,
      description: 'Beats per minute.',
      resolve: ({ heartRate }) => heartRate,
    }),
    cadence: t.intList({
      ...holed,
      description: 'Revolutions per minute.',
      resolve: ({ cadence }) => cadence,
    }),
    power: t.intList({ ...holed, description: 'Watts.', resolve: ({ power }) => power }),
    originalSize: t.exposeInt('originalSize', {
      description: 'How many samples there are without thinning.',
    }),
  }),
})

/** More than any screen is wide. */
const mostSamples = 10_000

export const resolutionDescription =
  'How many samples, 2 to 10,000; all where it is left out. Below 12 there is no room for the ends and the highest and lowest of all five sensors.'

/** Undefined for all there are. */
export function resolutionOf(resolution: number | null | undefined): number | undefined {
  if (resolution == null) return undefined
  if (resolution >= 2 && resolution <= mostSamples) return resolution
  throw asGraphQLError(
    'INVALID_INPUT',
    `A resolution is 2 to ${mostSamples} samples; leave it out for all there are.`,
  )
}
