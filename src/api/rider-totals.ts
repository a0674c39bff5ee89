/** A rider's totals and records, of the finished rides that the viewer may see. */
import { builder } from './builder.ts'
import { dayOf } from './day.ts'
import { Ride } from './ride.ts'
import { Rider } from './rider.ts'
import {
  type FastestStretch,
  mostTotals,
  type RiderRecords,
  type RiderTotal,
  recordsOf,
  type TotalsPeriod,
  totalsOf,
} from './rider-numbers.ts'
import { metres, seconds } from './rounding.ts'

const TotalsPeriodEnum = builder.enumType('TotalsPeriod', {
  description: 'What rides are added up by: the day on which they began, where they began.',
  values: {
    DAY: { description: 'From midnight to midnight.' },
    WEEK: { description: 'From Monday (ISO 8601).' },
    MONTH: { description: 'From its first day.' },
    YEAR: { description: 'From the first of January.' },
  } satisfies Record<TotalsPeriod, object>,
})

const RiderTotalObject = builder.objectRef<RiderTotal>('RiderTotal').implement({
  description: 'All rides of a period together.',
  fields: (t) => ({
    from: t.exposeString('from', { description: "The period's first day, YYYY-MM-DD." }),
    rides: t.exposeInt('rides', { description: 'How many rides.' }),
    distance: t.float({ description: 'Metres ridden.', resolve: ({ distance }) => metres(distance) }),
    elapsedTime: t.float({
      description: 'Seconds, from start to end of each.',
      resolve: ({ elapsedTime }) => seconds(elapsedTime),
    }),
    movingTime: t.float({
      description: 'Seconds, without pauses and stops.',
      resolve: ({ movingTime }) => seconds(movingTime),
    }),
    elevationGain: t.float({
      description: 'Metres, of those whose altitude was measured.',
      resolve: ({ elevationGain }) => metres(elevationGain),
    }),
  }),
})

const FastestStretchObject = builder.objectRef<FastestStretch>('FastestStretch').implement({
  description: 'So many metres in a row that no others were faster.',
  fields: (t) => ({
    distance: t.exposeFloat('distance', { description: 'Metres: 5, 10, 20, 40 or 100 kilometres.' }),
    time: t.float({
      description: 'Seconds from beginning to end, pauses included.',
      resolve: ({ time }) => seconds(time),
    }),
    ride: t.field({
      type: Ride,
      nullable: true,
      description: 'On which it was ridden.',
      resolve: ({ rideId }, _, { loaders }) => loaders.rideLoader.load(rideId),
    }),
  }),
})

const RiderRecordsObject = builder.objectRef<RiderRecords>('RiderRecords').implement({
  description: 'The most there is; of what is equal the first. Null where there is none.',
  fields: (t) => ({
    longest: t.field({
      type: Ride,
      nullable: true,
      description: 'By its distance.',
      resolve: ({ longest }, _, { loaders }) => (longest === null ? null : loaders.rideLoader.load(longest)),
    }),
    mostClimbing: t.field({
      type: Ride,
      nullable: true,
      description: 'By its elevation gain.',
      resolve: ({ mostClimbing }, _, { loaders }) =>
        mostClimbing === null ? null : loaders.rideLoader.load(mostClimbing),
    }),
    fastest: t.field({
      type: [FastestStretchObject],
      description: 'Of each distance that a ride reaches, the shortest first.',
      resolve: ({ fastest }) => [...fastest],
    }),
  }),
})

/** All rides of a rider are looked at. */
const costOfAll = 20

builder.objectFields(Rider, (t) => ({
  totals: t.field({
    type: [RiderTotalObject],
    complexity: { field: costOfAll, multiplier: 10 },
    description: `Of the finished rides that the viewer may see, as he sees them; the newest period first, at most ${mostTotals}. Periods without a ride are left out.`,
    args: {
      period: t.arg({ type: TotalsPeriodEnum, required: true, description: 'By what they are added up.' }),
      from: t.arg.string({ description: 'YYYY-MM-DD: of rides of that day or later.' }),
      to: t.arg.string({ description: 'YYYY-MM-DD: of rides of that day or earlier.' }),
    },
    resolve: async ({ riderId }, { period, from, to }, { read, viewer, afresh }) => {
      const asked = { riderId, period, from: dayOf(from, 'from'), to: dayOf(to, 'to') }
      return totalsOf(read, viewer, asked, await afresh?.unlistedFor(viewer))
    },
  }),
  records: t.field({
    type: RiderRecordsObject,
    complexity: costOfAll,
    description: 'Of the finished rides that the viewer may see, as he sees them.',
    resolve: async ({ riderId }, _, { read, viewer, afresh }) =>
      recordsOf(read, viewer, riderId, await afresh?.unlistedFor(viewer)),
  }),
}))
