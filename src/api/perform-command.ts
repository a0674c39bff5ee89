/** From a checked input to the log and back: decides, appends, and answers in the contract's terms. */
import { isUnavailable } from '#database/faults.ts'
import type { Log } from '#log/log.ts'
import { maskOfRider } from '#projections/masks.ts'
import { writtenPositions } from '#ride/encoding.ts'
import { mostMaskVersions } from '#ride/masking/masked-fold.ts'
import type { RideCommand } from '#ride/ride.ts'
import type { RequestContext } from './context.ts'
import {
  IdTakenError,
  InvalidInputError,
  InvalidTransitionError,
  OverloadedError,
  RideNotActiveError,
  RideNotFoundError,
  UnauthenticatedError,
  VersionConflictError,
} from './errors.ts'
import { writerOf } from './lack.ts'
import { uuidOf } from './ride-input.ts'

/** Of every command that was accepted. */
export interface Accepted {
  readonly rideId: string
  readonly version: number
  readonly position: number
}

export interface Asked {
  readonly rideId: string
  /** The client's id of the command; made here where it sent none. */
  readonly commandId: string | null | undefined
  readonly field: 'uploadId' | 'commandId'
  readonly expectedVersion?: number | null | undefined
  readonly command: RideCommand
}

/** Who asks for what. An upload is named by its positions as they are recorded, which are written anyway. */
function contentOf(riderId: string, command: RideCommand): string {
  return command.type === 'recordPositions'
    ? `${riderId} ${command.type} ${writtenPositions(command.positions)}`
    : JSON.stringify([riderId, command])
}

type RideStart = RideCommand & { readonly type: 'startRide' }

/** A ride begins with its rider's privacy zones. They are none of what he asks for: sent again it is the same command. */
async function withMask(command: RideStart, riderId: string, log: Log): Promise<RideCommand> {
  try {
    const mask = await maskOfRider(log.database, riderId)
    // He has left, which this process has not been told yet.
    if (mask.version > mostMaskVersions) throw new UnauthenticatedError()
    return mask.version === 0 ? command : { ...command, mask }
  } catch (error) {
    if (isUnavailable(error)) throw new OverloadedError()
    throw error
  }
}

/** Throws the contract's error where the command is not accepted. */
export async function perform(
  asked: Asked,
  { commands, log, viewer, now, newId, traceparent }: RequestContext,
): Promise<Accepted> {
  const { rideId, commandId, field, expectedVersion, command } = asked
  const riderId = writerOf(viewer)
  const content = contentOf(riderId, command)
  const outcome = await commands.handle({
    streamId: rideId,
    eventId: commandId == null ? newId() : uuidOf(commandId, field),
    contentHash: log.hash(content),
    olderContentHash: () => log.hash(JSON.stringify([riderId, command])),
    bytes: content.length,
    command: command.type === 'startRide' ? await withMask(command, riderId, log) : command,
    circumstances: { actor: { riderId }, now: now() },
    metadata: { actor: riderId, traceparent },
    expectedVersion: expectedVersion ?? undefined,
  })
  switch (outcome.outcome) {
    case 'accepted':
      return { rideId, version: outcome.version, position: outcome.position }
    case 'id taken':
      if (command.type !== 'deleteRide') throw new IdTakenError()
      // There is no other content of a deletion: the id was another command's.
      throw new InvalidInputError('This id was the id of another command. Make a new one.', [field])
    case 'conflict':
      throw outcome.actualVersion === 0
        ? new RideNotFoundError()
        : new VersionConflictError(outcome.actualVersion)
    case 'gone':
      // Starting has no answer of its own for an id that was a ride's once.
      throw command.type === 'startRide' ? new IdTakenError() : new RideNotFoundError()
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
