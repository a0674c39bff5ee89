/** For administrators: what can be done about a parked ride, and about a projection's tables. */
import { isUnavailable, sqlState } from '#database/faults.ts'
import type { RideOutcome } from '#projections/administration.ts'
import { builder } from './builder.ts'
import type { RequestContext } from './context.ts'
import {
  ForbiddenError,
  InvalidInputError,
  OverloadedError,
  RateLimitedError,
  RideNotFoundError,
  UnauthenticatedError,
} from './errors.ts'
import { lackOf } from './lack.ts'
import { ProjectionFault } from './projections.ts'
import { streamIdOf } from './stream-name.ts'
import { isUuid } from './uuid.ts'

const nameOfRide = "As `parkedRides` has it, or the ride's id."

const ParkedRideInput = builder.inputType('ParkedRideInput', {
  description: 'A ride that is parked.',
  fields: (t) => ({ rideId: t.id({ required: true, description: nameOfRide }) }),
})

const SkipParkedRideInput = builder.inputType('SkipParkedRideInput', {
  description: 'A ride that is parked, and the event of it that is to be passed over.',
  fields: (t) => ({
    rideId: t.id({ required: true, description: nameOfRide }),
    rideVersion: t.int({
      description:
        'The version of the event to pass over, as `parkedRides` shows it: sent again, it passes over that one and no other.',
    }),
  }),
})

const ProjectionInput = builder.inputType('ProjectionInput', {
  description: 'A projection: tables that are read, made from the log.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'As `projections` names it, such as routes.' }),
  }),
})

const ParkedRideOutcome = builder.objectRef<RideOutcome>('ParkedRideOutcome').implement({
  description: 'What became of a parked ride in one version of a projection.',
  fields: (t) => ({
    projection: t.exposeString('projection', { description: 'In which projection, such as routes.' }),
    projectionVersion: t.exposeInt('version', { description: 'In which version of it.' }),
    isParked: t.boolean({
      description: 'It failed again and goes on waiting.',
      resolve: ({ outcome }) => outcome === 'failed',
    }),
    events: t.int({
      nullable: true,
      description: 'How many events were applied; null where it failed again.',
      resolve: (each) => (each.outcome === 'applied' ? each.events : null),
    }),
    rideVersion: t.int({
      nullable: true,
      description: "The ride's version of the event that failed; null where none did.",
      resolve: (each) => (each.outcome === 'failed' ? each.rideVersion : null),
    }),
    error: t.field({
      type: ProjectionFault,
      nullable: true,
      description: 'Why it failed again; null where it did not.',
      resolve: (each) => (each.outcome === 'failed' ? each.error : null),
    }),
  }),
})

interface SecondChance {
  /** As it was named: whoever named it otherwise is not told its id. */
  readonly name: string
  readonly outcomes: readonly RideOutcome[]
}

const everywhere = [
  InvalidInputError,
  ForbiddenError,
  UnauthenticatedError,
  RateLimitedError,
  OverloadedError,
]

function payload(name: string, description: string) {
  return builder.objectRef<SecondChance>(name).implement({
    description,
    fields: (t) => ({
      rideId: t.exposeID('name', { description: 'As it was asked for.' }),
      outcomes: t.field({
        type: [ParkedRideOutcome],
        description: 'One for each version of a projection in which it was parked.',
        resolve: ({ outcomes }) => [...outcomes],
      }),
    }),
  })
}

async function secondChance(
  context: RequestContext,
  name: string,
  act: (rideId: string) => Promise<readonly RideOutcome[]>,
): Promise<SecondChance> {
  return asAdministrator(context, async () => {
    const rideId = streamIdOf(context.log, name)
    if (rideId === undefined) throw new InvalidInputError(noName, ['rideId'])
    const outcomes = await act(rideId)
    if (outcomes.length === 0) throw new RideNotFoundError()
    return { name: isUuid(name) ? rideId : name, outcomes }
  })
}

const noName = "'rideId' has to be as `parkedRides` has it, or a ride's id, which is a UUID."

const RetryParkedRidePayload = payload(
  'RetryParkedRidePayload',
  'It was tried again: `outcomes` says how it went.',
)
const SkipParkedRidePayload = payload(
  'SkipParkedRidePayload',
  'The event was passed over: `outcomes` says how it went on.',
)

builder.mutationField('retryParkedRide', (t) =>
  t.field({
    type: RetryParkedRidePayload,
    description:
      'For administrators: applies what waits of a ride, in every projection in which it is parked. RIDE_NOT_FOUND: it is parked nowhere.',
    args: { input: t.arg({ type: ParkedRideInput, required: true, description: 'Which ride.' }) },
    errors: { types: [RideNotFoundError, ...everywhere] },
    resolve: (_, { input }, context) => secondChance(context, input.rideId, context.administration.retry),
  }),
)

builder.mutationField('skipParkedRide', (t) =>
  t.field({
    type: SkipParkedRidePayload,
    description:
      'For administrators: passes over the event that failed, then as retryParkedRide. What the event would have shown is missing from the tables (of a RideEnded the route) until they are rebuilt; what follows from it (the ride is FINISHED) happens all the same.',
    args: {
      input: t.arg({
        type: SkipParkedRideInput,
        required: true,
        description: 'Which ride, and which event of it.',
      }),
    },
    errors: { types: [RideNotFoundError, ...everywhere] },
    resolve: (_, { input: { rideId: id, rideVersion } }, context) =>
      secondChance(context, id, (rideId) => context.administration.skip(rideId, rideVersion ?? undefined)),
  }),
)

interface Rebuild {
  readonly name: string
  readonly version: number
  readonly isNew: boolean
}

const RebuildProjectionPayload = builder.objectRef<Rebuild>('RebuildProjectionPayload').implement({
  description: 'The tables are being made anew.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Of the projection.' }),
    version: t.exposeInt('version', { description: 'The version that is being built.' }),
    isNew: t.exposeBoolean('isNew', { description: 'False where it was being built already.' }),
  }),
})

builder.mutationField('rebuildProjection', (t) =>
  t.field({
    type: RebuildProjectionPayload,
    description:
      'For administrators: begins to make the tables anew from the log, beside those that are served. Workers build them, and serve them when they have caught up and no ride is parked in them alone: `projections` shows how far they are.',
    args: { input: t.arg({ type: ProjectionInput, required: true, description: 'Which projection.' }) },
    errors: { types: everywhere },
    resolve: (_, { input: { name } }, context) =>
      asAdministrator(context, async () => {
        const rebuild = await context.administration.rebuild(name)
        if (rebuild.outcome === 'unknown') throw unknownProjection(rebuild.known)
        return { name, version: rebuild.version, isNew: rebuild.outcome === 'begun' }
      }),
  }),
)

interface Cancelled {
  readonly name: string
  readonly version: number | undefined
}

const CancelRebuildPayload = builder.objectRef<Cancelled>('CancelRebuildPayload').implement({
  description: 'Nothing is being built any more.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Of the projection.' }),
    version: t.int({
      nullable: true,
      description: 'The version that was dropped; null where none was being built.',
      resolve: ({ version }) => version,
    }),
  }),
})

builder.mutationField('cancelRebuild', (t) =>
  t.field({
    type: CancelRebuildPayload,
    description: 'For administrators: drops the version that is being built. The one that is served stays.',
    args: { input: t.arg({ type: ProjectionInput, required: true, description: 'Which projection.' }) },
    errors: { types: everywhere },
    resolve: (_, { input: { name } }, context) =>
      asAdministrator(context, async () => {
        const status = await context.administration.status()
        const known = [...new Set(status.map(({ projection }) => projection))]
        if (!known.includes(name)) throw unknownProjection(known)
        return { name, version: await context.administration.cancel(name) }
      }),
  }),
)

function unknownProjection(known: readonly string[]): InvalidInputError {
  return new InvalidInputError(`There is no such projection. There are: ${known.join(', ')}.`, ['name'])
}

/** Somebody, perhaps a backup, reads the tables that are to be dropped. */
const lockNotAvailable = '55P03'

async function asAdministrator<T>({ viewer }: RequestContext, act: () => Promise<T>): Promise<T> {
  const refusal = lackOf(viewer, 'admin')
  if (refusal !== undefined) throw refusal
  try {
    return await act()
  } catch (error) {
    const isPassing = isUnavailable(error) || (error instanceof Error && sqlState(error) === lockNotAvailable)
    throw isPassing ? new OverloadedError() : error
  }
}
