/** The mutations: what may be asked of a ride. */
import type { RideCommand } from '#ride/ride.ts'
import { takePositions } from './allowance.ts'
import { builder } from './builder.ts'
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
import { type Asked, perform } from './perform-command.ts'
import { arrivalTimeoutMs } from './ride.ts'
import {
  EditRideInput,
  RecordPositionsInput,
  RideCommandInput,
  StartRideInput,
} from './ride-command-inputs.ts'
import { changesOf, positionsOf, titleInput, uuidOf } from './ride-input.ts'
import {
  DeleteRidePayload,
  EditRidePayload,
  EndRidePayload,
  PauseRidePayload,
  RecordPositionsPayload,
  ResumeRidePayload,
  StartRidePayload,
} from './ride-payloads.ts'

const everywhere = [
  InvalidInputError,
  IdTakenError,
  ForbiddenError,
  UnauthenticatedError,
  RateLimitedError,
  OverloadedError,
]
const ofARide = [RideNotFoundError, VersionConflictError, ...everywhere]

builder.mutationField('startRide', (t) =>
  t.field({
    type: StartRidePayload,
    description:
      'Starts a ride: it is ACTIVE and takes positions. Sent again with the same `rideId` and content it is the same ride; with other content ID_TAKEN.',
    args: {
      input: t.arg({ type: StartRideInput, required: true, description: 'The ride that is to start.' }),
    },
    errors: { types: everywhere },
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
    description:
      'Records an upload of 1 to 1000 positions, all or none, while the ride is ACTIVE. What is recorded late finds its place by its own time; what the route leaves out is recorded all the same.',
    args: { input: t.arg({ type: RecordPositionsInput, required: true, description: 'The upload.' }) },
    errors: { types: [RideNotActiveError, ...ofARide] },
    resolve: async (_, { input }, context) => {
      const { uploadId, expectedVersion } = input
      const rideId = uuidOf(input.rideId, 'rideId')
      const command: RideCommand = { type: 'recordPositions', positions: positionsOf(input.positions) }
      takePositions(context, input.positions.length)
      const asked: Asked = { rideId, commandId: uploadId, field: 'uploadId', expectedVersion, command }
      // A retry answers the same number: an upload with this id and other positions is ID_TAKEN.
      return { ...(await perform(asked, context)), accepted: input.positions.length }
    },
  }),
)

const transitions = [
  [
    'pauseRide',
    PauseRidePayload,
    'Pauses an ACTIVE ride: its timer stands still, and it takes no positions.',
  ],
  ['resumeRide', ResumeRidePayload, 'Resumes a PAUSED ride: it is ACTIVE again.'],
  [
    'endRide',
    EndRidePayload,
    'Ends an ACTIVE or PAUSED ride; send it once all uploads are answered. The system then builds its route and calls it FINISHED.',
  ],
] as const

for (const [type, Payload, description] of transitions) {
  builder.mutationField(type, (t) =>
    t.field({
      type: Payload,
      description,
      args: {
        input: t.arg({ type: RideCommandInput, required: true, description: 'Which ride, and when.' }),
      },
      errors: { types: [InvalidTransitionError, ...ofARide] },
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
    description:
      'Changes the title, description or visibility of a ride in whatever status. A field left out stays as it is; null clears it.',
    args: {
      input: t.arg({ type: EditRideInput, required: true, description: 'Which ride, and what of it.' }),
    },
    errors: { types: ofARide },
    resolve: (_, { input }, context) => {
      const { commandId, expectedVersion } = input
      const rideId = uuidOf(input.rideId, 'rideId')
      const command: RideCommand = { type: 'editRide', changes: changesOf(input) }
      return perform({ rideId, commandId, field: 'commandId', expectedVersion, command }, context)
    },
  }),
)

builder.mutationField('deleteRide', (t) =>
  t.field({
    type: DeleteRidePayload,
    description:
      'Deletes a ride in whatever status, with all that was recorded of it. Once answered it is RIDE_NOT_FOUND to everybody, also to this command sent again.',
    args: { input: t.arg({ type: RideCommandInput, required: true, description: 'Which ride, and when.' }) },
    errors: {
      types: [
        RideNotFoundError,
        InvalidInputError,
        VersionConflictError,
        ForbiddenError,
        UnauthenticatedError,
        RateLimitedError,
        OverloadedError,
      ],
    },
    resolve: async (_, { input }, context) => {
      const { commandId, expectedVersion, at = null } = input
      const rideId = uuidOf(input.rideId, 'rideId')
      const deleted = await perform(
        { rideId, commandId, field: 'commandId', expectedVersion, command: { type: 'deleteRide', at } },
        context,
      )
      // The ride is gone for good; where the read side lags it is answered all the same, and follows.
      const { arrivals, log } = context
      await arrivals.arrived({ ...deleted, partition: log.partitionOf(rideId) }, arrivalTimeoutMs)
      return deleted
    },
  }),
)
