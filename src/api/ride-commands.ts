/** The mutations: what may be asked of a ride. */
import { writeCursor } from '#log/cursor.ts'
import type { RideCommand } from '#ride/ride.ts'
import { builder } from './builder.ts'
import type { RequestContext } from './context.ts'
import { VisibilityEnum } from './enums.ts'
import {
  ForbiddenError,
  IdTakenError,
  InvalidInputError,
  InvalidTransitionError,
  OverloadedError,
  RateLimitedError,
  RideNotActiveError,
  RideNotFoundError,
  UnauthenticatedError,
  VersionConflictError,
} from './errors.ts'
import { PositionInput } from './position.ts'
import { arrivalTimeoutMs, Ride } from './ride.ts'
import { changesOf, positionsOf, titleInput, uuidOf } from './ride-input.ts'

/** Of every command that was accepted. */
interface Accepted {
  readonly rideId: string
  readonly version: number
  readonly position: number
}

const commandErrors = [
  RideNotFoundError,
  InvalidTransitionError,
  InvalidInputError,
  VersionConflictError,
  IdTakenError,
  ForbiddenError,
  UnauthenticatedError,
  RateLimitedError,
  OverloadedError,
]

interface Asked {
  readonly rideId: string
  /** The client's id of the command; made here where it sent none. */
  readonly commandId: string | null | undefined
  readonly field: 'uploadId' | 'commandId'
  readonly expectedVersion?: number | null | undefined
  readonly command: RideCommand
}

/** Decides, appends and answers; throws the contract's error where the command is not accepted. */
async function perform(
  asked: Asked,
  { commands, log, viewer, now, newId }: RequestContext,
): Promise<Accepted> {
  const { rideId, commandId, field, expectedVersion, command } = asked
  const outcome = await commands.handle({
    streamId: rideId,
    eventId: commandId == null ? newId() : uuidOf(commandId, field),
    contentHash: log.hash(JSON.stringify([viewer.riderId, command])),
    command,
    circumstances: { actor: viewer, now: now() },
    expectedVersion: expectedVersion ?? undefined,
  })
  switch (outcome.outcome) {
    case 'accepted':
      return { rideId, version: outcome.version, position: outcome.position }
    case 'id taken':
      throw new IdTakenError()
    case 'conflict':
      throw outcome.actualVersion === 0
        ? new RideNotFoundError()
        : new VersionConflictError(outcome.actualVersion)
    case 'overloaded':
      throw new OverloadedError()
    case 'refused': {
      const { refusal } = outcome
      switch (refusal.code) {
        case 'RIDE_NOT_FOUND':
          throw new RideNotFoundError()
        case 'ID_TAKEN':
          throw new IdTakenError()
        case 'RIDE_NOT_ACTIVE':
          throw new RideNotActiveError(refusal.status)
        case 'INVALID_TRANSITION':
          throw new InvalidTransitionError(refusal.message, refusal.status)
        case 'INVALID_INPUT':
          throw new InvalidInputError(refusal.message, refusal.path)
        default:
          return refusal satisfies never
      }
    }
    default:
      return outcome satisfies never
  }
}

/** `version` is the ride's after the command, `cursor` stands behind its event. */
function payload<Payload extends Accepted>(name: string) {
  const ref = builder.objectRef<Payload>(name)
  builder.objectFields(ref, (t) => ({
    rideId: t.id({ resolve: ({ rideId }) => rideId }),
    version: t.int({
      description: "The ride's version after this command.",
      resolve: ({ version }) => version,
    }),
    cursor: t.field({
      type: 'Cursor',
      description: "Stands behind this command's event.",
      resolve: ({ rideId, version, position }, _, { log }) =>
        writeCursor(log, { streamId: rideId, version, position }),
    }),
    ride: t.field({
      type: Ride,
      nullable: true,
      description: 'Waits until the read side has that version; null when that takes over two seconds.',
      resolve: async ({ rideId, version }, _, { arrivals, log, rideLoader }) => {
        const partition = log.partitionOf(rideId)
        if (!(await arrivals.arrived({ partition, rideId, version }, arrivalTimeoutMs))) return null
        return rideLoader.clear(rideId).load(rideId)
      },
    }),
  }))
  return ref
}

const StartRidePayload = payload('StartRidePayload').implement({})
const PauseRidePayload = payload('PauseRidePayload').implement({})
const ResumeRidePayload = payload('ResumeRidePayload').implement({})
const EndRidePayload = payload('EndRidePayload').implement({})
const EditRidePayload = payload('EditRidePayload').implement({})
const RecordPositionsPayload = payload<Accepted & { readonly accepted: number }>(
  'RecordPositionsPayload',
).implement({
  fields: (t) => ({
    accepted: t.exposeInt('accepted', { description: 'How many positions the upload held.' }),
  }),
})

const StartRideInput = builder.inputType('StartRideInput', {
  fields: (t) => ({
    rideId: t.id({
      description: 'Made by the client, so that a ride can start offline and a retry starts no second ride.',
    }),
    startedAt: t.field({ type: 'DateTime' }),
    title: t.string(),
    visibility: t.field({ type: VisibilityEnum }),
  }),
})

const RecordPositionsInput = builder.inputType('RecordPositionsInput', {
  fields: (t) => ({
    rideId: t.id({ required: true }),
    uploadId: t.id({
      description:
        'Made by the client. The same upload sent again is recorded once and answers as it did the first time.',
    }),
    positions: t.field({ type: [PositionInput], required: true, description: '1 to 1000.' }),
    expectedVersion: t.int(),
  }),
})

const RideCommandInput = builder.inputType('RideCommandInput', {
  fields: (t) => ({
    rideId: t.id({ required: true }),
    commandId: t.id(),
    at: t.field({ type: 'DateTime' }),
    expectedVersion: t.int(),
  }),
})

const EditRideInput = builder.inputType('EditRideInput', {
  description: 'A field left out stays as it is; null clears it.',
  fields: (t) => ({
    rideId: t.id({ required: true }),
    commandId: t.id(),
    title: t.string(),
    description: t.string(),
    visibility: t.field({ type: VisibilityEnum }),
    expectedVersion: t.int(),
  }),
})

builder.mutationField('startRide', (t) =>
  t.field({
    type: StartRidePayload,
    args: { input: t.arg({ type: StartRideInput, required: true }) },
    errors: {
      types: [
        InvalidInputError,
        IdTakenError,
        ForbiddenError,
        UnauthenticatedError,
        RateLimitedError,
        OverloadedError,
      ],
    },
    resolve: (_, { input }, context) => {
      const rideId = input.rideId == null ? context.newId() : uuidOf(input.rideId, 'rideId')
      const { startedAt = null, visibility } = input
      const command: RideCommand = {
        type: 'startRide',
        startedAt,
        title: titleInput(input.title),
        visibility: visibility ?? 'PRIVATE',
      }
      // The ride's own id names the command too: started again with the same content, it is the same ride.
      return perform({ rideId, commandId: rideId, field: 'commandId', command }, context)
    },
  }),
)

builder.mutationField('recordPositions', (t) =>
  t.field({
    type: RecordPositionsPayload,
    args: { input: t.arg({ type: RecordPositionsInput, required: true }) },
    errors: {
      types: [
        RideNotFoundError,
        RideNotActiveError,
        InvalidInputError,
        VersionConflictError,
        IdTakenError,
        ForbiddenError,
        UnauthenticatedError,
        RateLimitedError,
        OverloadedError,
      ],
    },
    resolve: async (_, { input }, context) => {
      const { uploadId, expectedVersion } = input
      const rideId = uuidOf(input.rideId, 'rideId')
      const command: RideCommand = { type: 'recordPositions', positions: positionsOf(input.positions) }
      const asked: Asked = { rideId, commandId: uploadId, field: 'uploadId', expectedVersion, command }
      // A retry answers the same number: an upload with this id and other positions is ID_TAKEN.
      return { ...(await perform(asked, context)), accepted: input.positions.length }
    },
  }),
)

const transitions = [
  ['pauseRide', PauseRidePayload],
  ['resumeRide', ResumeRidePayload],
  ['endRide', EndRidePayload],
] as const

for (const [type, Payload] of transitions) {
  builder.mutationField(type, (t) =>
    t.field({
      type: Payload,
      args: { input: t.arg({ type: RideCommandInput, required: true }) },
      errors: { types: commandErrors },
      resolve: (_, { input }, context) => {
        const { commandId, expectedVersion, at = null } = input
        const rideId = uuidOf(input.rideId, 'rideId')
        return perform(
          { rideId, commandId, field: 'commandId', expectedVersion, command: { type, at } },
          context,
        )
      },
    }),
  )
}

builder.mutationField('editRide', (t) =>
  t.field({
    type: EditRidePayload,
    args: { input: t.arg({ type: EditRideInput, required: true }) },
    errors: { types: commandErrors.filter((type) => type !== InvalidTransitionError) },
    resolve: (_, { input }, context) => {
      const { commandId, expectedVersion } = input
      const rideId = uuidOf(input.rideId, 'rideId')
      const command: RideCommand = { type: 'editRide', changes: changesOf(input) }
      return perform({ rideId, commandId, field: 'commandId', expectedVersion, command }, context)
    },
  }),
)
