/** For administrators: how the projections stand, and which rides they could not take further. */
import type { FaultDescription } from '#database/fault-description.ts'
import { summaryOf, whereOf } from '#database/fault-summary.ts'
import type { ParkedRide, PartitionStatus, ProjectionStatus } from '#projections/administration.ts'
import { onlyAdministrators } from './administrators.ts'
import { builder } from './builder.ts'
import { asGraphQLError } from './errors.ts'
import { streamName } from './stream-name.ts'

const ProjectionState = builder.enumType('ProjectionState', {
  description: 'What a version of a projection is there for.',
  values: {
    BUILDING: { value: 'building', description: 'Filled beside the one that is served.' },
    SERVING: { value: 'serving', description: 'What is read.' },
    RETIRED: {
      value: 'retired',
      description: 'Served before; kept for ten minutes for whoever still reads it.',
    },
  } as const,
})

const partition = builder.objectRef<PartitionStatus>('ProjectionPartition').implement({
  description: 'How far a version of a projection has come in one partition of the log.',
  fields: (t) => ({
    partition: t.exposeInt('partition', { description: 'The number of the partition, from 0.' }),
    position: t.exposeFloat('position', { description: 'How many events of the log it has come past.' }),
    head: t.exposeFloat('head', { description: 'How many events the log has.' }),
    behind: t.float({
      description: 'How many events it has still to come past.',
      resolve: ({ position, head }) => head - position,
    }),
    behindSince: t.expose('behindSince', {
      type: 'DateTime',
      nullable: true,
      description: 'When the first of these was recorded; null where there is none.',
    }),
  }),
})

const projection = builder.objectRef<ProjectionStatus>('Projection').implement({
  description:
    'A version of a projection: tables that are read, made from the log. Numbers of events are whole, and may be greater than an Int.',
  fields: (t) => ({
    name: t.exposeString('projection', { description: 'Such as rides or routes.' }),
    version: t.exposeInt('version', { description: 'Its version: a rebuild makes the next one.' }),
    state: t.expose('state', { type: ProjectionState, description: 'What it is there for now.' }),
    since: t.expose('since', { type: 'DateTime', description: 'When it came to that state.' }),
    parkedRides: t.exposeInt('parkedRides', { description: 'How many rides are parked in it.' }),
    partitions: t.field({
      type: [partition],
      description: 'How far it has come, in each partition of the log.',
      resolve: ({ partitions }) => [...partitions],
    }),
  }),
})

export const ProjectionFault = builder.objectRef<FaultDescription>('ProjectionFault').implement({
  description: 'Why an event could not be applied. Holds nothing of what riders recorded.',
  fields: (t) => ({
    summary: t.string({ description: 'One line.', resolve: summaryOf }),
    where: t.stringList({
      description: 'Where in the code, the innermost first.',
      resolve: (fault) => [...whereOf(fault)],
    }),
  }),
})

const parkedRide = builder.objectRef<ParkedRide>('ParkedRide').implement({
  description:
    "A ride that a projection cannot take further: the event that failed waits, and the ride's later ones with it. Other rides go on.",
  fields: (t) => ({
    rideId: t.id({
      description:
        "By which it is retried and skipped, and `logStream` finds it: the ride's id where the ride is the viewer's own, or deleted; of others' its name in the log. On the server's machine `npm run projections -- parked NAME` says which ride that is.",
      resolve: ({ rideId, stream }, _, { log, viewer }) =>
        streamName(log, viewer, { streamId: rideId, ...stream }),
    }),
    projection: t.exposeString('projection', { description: 'In which projection, such as routes.' }),
    projectionVersion: t.exposeInt('version', { description: 'In which version of it.' }),
    rideVersion: t.exposeInt('rideVersion', { description: "The ride's version of the event that failed." }),
    eventType: t.exposeString('eventType', { description: 'As the log names it, such as RideEnded.' }),
    error: t.field({
      type: ProjectionFault,
      description: 'Why, when it was last tried.',
      resolve: ({ error }) => error,
    }),
    attempts: t.exposeInt('attempts', { description: 'How often it was tried.' }),
    parkedAt: t.expose('parkedAt', {
      type: 'DateTime',
      description: 'When it was parked: the last time that it failed.',
    }),
  }),
})

builder.queryField('projections', (t) =>
  t.field({
    type: [projection],
    description: 'For administrators, others are FORBIDDEN: every version of every projection.',
    resolve: (_, __, { administration, viewer }) => {
      onlyAdministrators(viewer)
      return administration.status()
    },
  }),
)

const mostParkedRides = 1_000

builder.queryField('parkedRides', (t) =>
  t.field({
    type: [parkedRide],
    description: 'For administrators, others are FORBIDDEN: the rides that are parked, the oldest first.',
    args: {
      first: t.arg.int({
        required: true,
        defaultValue: 100,
        description: `How many, 1 to ${mostParkedRides}.`,
      }),
    },
    resolve: (_, { first }, { administration, viewer }) => {
      onlyAdministrators(viewer)
      if (first < 1 || first > mostParkedRides) {
        throw asGraphQLError('INVALID_INPUT', `'first' is 1 to ${mostParkedRides}. Ask for fewer.`)
      }
      return administration.parked({ limit: first })
    },
  }),
)
