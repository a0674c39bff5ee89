/** What was measured along a ride. */
import type { Streams } from '#ride/track/streams.ts'
import { builder } from './builder.ts'
import { asGraphQLError } from './errors.ts'

const holed = { nullable: { list: false, items: true } } as const

export const RideStreams = builder.objectRef<Streams>('RideStreams').implement({
  description:
    'Arrays of one length. `time` in seconds since startedAt; null where a sensor or the fix was missing.',
  fields: (t) => ({
    time: t.floatList({ resolve: ({ time }) => time }),
    distance: t.floatList({
      description: 'Metres ridden until then.',
      resolve: ({ distance }) => distance,
    }),
    latitude: t.field({ ...holed, type: ['Latitude'], resolve: ({ latitude }) => latitude }),
    longitude: t.field({ ...holed, type: ['Longitude'], resolve: ({ longitude }) => longitude }),
    altitude: t.floatList({ ...holed, resolve: ({ altitude }) => altitude }),
    speed: t.floatList({
      ...holed,
      description: "The device's own where it measured one, else from fix to fix.",
      resolve: ({ speed }) => speed,
    }),
    heartRate: t.intList({ ...holed, resolve: ({ heartRate }) => heartRate }),
    cadence: t.intList({ ...holed, resolve: ({ cadence }) => cadence }),
    power: t.intList({ ...holed, resolve: ({ power }) => power }),
    originalSize: t.exposeInt('originalSize', {
      description: 'How many samples there are without thinning.',
    }),
  }),
})

/** More than any screen is wide, and few enough to be picked one by one. */
const mostSamples = 10_000

/** Undefined for all there are. */
export function resolutionOf(resolution: number | null | undefined): number | undefined {
  if (resolution == null) return undefined
  if (resolution >= 2 && resolution <= mostSamples) return resolution
  throw asGraphQLError(
    'INVALID_INPUT',
    `A resolution is 2 to ${mostSamples} samples; leave it out for all there are.`,
  )
}
