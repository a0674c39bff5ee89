/** Share links: how a rider gives a ride to whoever he gives the link, and takes it back. */
import { holds, mostShares, type RideShare } from '#ride/shares.ts'
import { isRider } from '#rights/may-see.ts'
import { tokenOf } from '#rights/share-token.ts'
import { builder } from './builder.ts'
import type { RequestContext } from './context.ts'
import {
  ForbiddenError,
  IdTakenError,
  InvalidInputError,
  OverloadedError,
  RateLimitedError,
  RideNotFoundError,
  UnauthenticatedError,
  VersionConflictError,
} from './errors.ts'
import { type Accepted, perform } from './perform-command.ts'
import { Ride } from './ride.ts'
import { commandIdDescription, expectedVersionDescription } from './ride-command-inputs.ts'
import { uuidOf } from './ride-input.ts'
import { payload } from './ride-payloads.ts'

const errors = {
  types: [
    RideNotFoundError,
    VersionConflictError,
    InvalidInputError,
    IdTakenError,
    ForbiddenError,
    UnauthenticatedError,
    RateLimitedError,
    OverloadedError,
  ],
}

const RideShareRef = builder.objectRef<RideShare>('RideShare').implement({
  description: 'A link that shows the ride to whoever has it, as any other than its rider sees it.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Of the `shareRide` that made it.' }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      nullable: true,
      description: 'From then on it shows nothing; null: until it is taken back.',
    }),
  }),
})

builder.objectField(Ride, 'shares', (t) =>
  t.field({
    type: [RideShareRef],
    nullable: true,
    complexity: { field: 1, multiplier: mostShares },
    description: `The links that show it now, at most ${mostShares}; null for all but its rider.`,
    resolve: async (ride, _, { viewer, loaders, now }) => {
      if (!isRider(viewer, ride)) return null
      // Pages of rides come without them.
      const shares =
        ride.shares === undefined ? (await loaders.rideLoader.load(ride.rideId))?.shares : ride.shares
      const at = now()
      return (shares ?? []).filter((share) => holds(share, at))
    },
  }),
)

const ShareRideInput = builder.inputType('ShareRideInput', {
  description: 'A link that is to show a ride.',
  fields: (t) => ({
    rideId: t.id({ required: true, description: 'Which ride.' }),
    commandId: t.id({ description: `${commandIdDescription} It is the link's id.` }),
    expiresAt: t.field({
      type: 'DateTime',
      description: 'From then on the link shows nothing. Left out, it shows the ride until it is taken back.',
    }),
    expectedVersion: t.int({ description: expectedVersionDescription }),
  }),
})

const UnshareRideInput = builder.inputType('UnshareRideInput', {
  description: 'A link that is to be taken back.',
  fields: (t) => ({
    rideId: t.id({ required: true, description: 'Which ride.' }),
    shareId: t.id({
      required: true,
      description: 'As shareRide answered it, or `shares` of the ride has it.',
    }),
    commandId: t.id({ description: commandIdDescription }),
    expectedVersion: t.int({ description: expectedVersionDescription }),
  }),
})

interface Shared extends Accepted {
  readonly share: RideShare
}

const description = 'It is recorded; sent again with the same id, it is answered as it was the first time.'

const ShareRidePayload = payload<Shared>('ShareRidePayload').implement({
  description,
  fields: (t) => ({
    share: t.field({
      type: RideShareRef,
      description: 'The link, as `shares` of the ride has it.',
      resolve: ({ share }) => share,
    }),
    token: t.string({
      description:
        'Sent as the header `ride-share`, over a WebSocket as `rideShare` of the connection parameters, it shows the ride. Whoever has it sees the ride: keep it out of logs.',
      resolve: tokenIn,
    }),
    url: t.string({
      description:
        "The ride's page with the token behind #, which no browser sends to any server. Without a host in front where the server does not know its own.",
      resolve: (shared, _, context) =>
        `${context.publicUrl ?? ''}/rides/${shared.rideId}#share=${tokenIn(shared, _, context)}`,
    }),
  }),
})

function tokenIn({ rideId, share }: Shared, _: object, { log }: RequestContext): string {
  return tokenOf(log, { rideId, shareId: share.id })
}

builder.mutationField('shareRide', (t) =>
  t.field({
    type: ShareRidePayload,
    description:
      'Makes a link that shows the ride, whatever its visibility, also while it is being ridden. What lies in privacy zones stays hidden. The link can be taken back with `unshareRide`.',
    args: {
      input: t.arg({ type: ShareRideInput, required: true, description: 'Which ride, and for how long.' }),
    },
    errors,
    resolve: async (_, { input }, context) => {
      const { commandId, expectedVersion, expiresAt = null } = input
      const rideId = uuidOf(input.rideId, 'rideId')
      const id = commandId == null ? context.newId() : uuidOf(commandId, 'commandId')
      const share: RideShare = { id, expiresAt }
      const command = { type: 'shareRide', share } as const
      const asked = { rideId, commandId: id, field: 'commandId', expectedVersion, command } as const
      return { ...(await perform(asked, context)), share }
    },
  }),
)

const UnshareRidePayload = payload('UnshareRidePayload').implement({ description })

builder.mutationField('unshareRide', (t) =>
  t.field({
    type: UnshareRidePayload,
    description:
      'Takes a link back: it shows nothing any more, and whoever watches the ride by it sees no more of it.',
    args: {
      input: t.arg({ type: UnshareRideInput, required: true, description: 'Which link of which ride.' }),
    },
    errors,
    resolve: (_, { input }, context) => {
      const { commandId, expectedVersion } = input
      const rideId = uuidOf(input.rideId, 'rideId')
      const command = { type: 'unshareRide', shareId: uuidOf(input.shareId, 'shareId') } as const
      return perform({ rideId, commandId, field: 'commandId', expectedVersion, command }, context)
    },
  }),
)
