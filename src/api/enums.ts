/** The enumerations of the contract. */
import { builder } from './builder.ts'

export const RideStatusEnum = builder.enumType('RideStatus', {
  description: 'Where a ride stands.',
  values: {
    ACTIVE: { description: 'It is being ridden: positions are taken. May be paused, ended.' },
    PAUSED: { description: 'Its timer stands still: no positions are taken. May be resumed, ended.' },
    ENDED: {
      description: 'By its rider, or by the system after 12 hours of silence. Its route is being built.',
    },
    FINISHED: { description: 'Its route, statistics, splits and streams are there. May still be edited.' },
  } as const,
})

export const VisibilityEnum = builder.enumType('Visibility', {
  description: 'Who may see a ride.',
  values: {
    PRIVATE: { description: 'Its rider.' },
    UNLISTED: { description: 'Whoever has its link, that is its id. Only its rider has it in his lists.' },
    PUBLIC: { description: 'Everybody.' },
  } as const,
})

export const DistanceUnitEnum = builder.enumType('DistanceUnit', {
  description: 'What a split is long.',
  values: {
    KILOMETRE: { description: '1000 metres.' },
    MILE: { description: '1609.344 metres.' },
  } as const,
})

export const RideEventTypeEnum = builder.enumType('RideEventType', {
  description: 'What can happen to a ride.',
  values: {
    STARTED: { description: 'By its rider: it is ACTIVE.' },
    POSITIONS_RECORDED: { description: 'One upload was accepted.' },
    PAUSED: { description: 'By its rider: it is PAUSED.' },
    RESUMED: { description: 'By its rider: it is ACTIVE again.' },
    ENDED: { description: 'By its rider, or by the system after 12 hours of silence: it is ENDED.' },
    FINISHED: { description: 'By the system, which has built its route: it is FINISHED.' },
    EDITED: { description: 'Its title, description or visibility; its status is as before.' },
    DELETED: { description: 'By its rider. Nothing comes behind it.' },
  } as const,
})

export const ExclusionReasonEnum = builder.enumType('ExclusionReason', {
  description:
    'Why a position was left out of the route. Its heart rate, cadence and power still count, if the timer ran.',
  values: {
    DUPLICATE_TIME: { description: 'Another sample of the same time was kept.' },
    OUT_OF_RANGE: { description: 'No place that can be: 0°, 0° or off the earth.' },
    IMPOSSIBLE_SPEED: {
      description: 'No bicycle gets there so fast: a leg would be over 35 metres per second.',
    },
    POOR_ACCURACY: { description: 'Its accuracy is worse than 50 metres.' },
    OUTSIDE_ACTIVE_TIME: {
      description: 'The timer stood still at its time: before the start, in a pause, behind the end.',
    },
  } as const,
})

export const ErrorCodeEnum = builder.enumType('ErrorCode', {
  description:
    'What went wrong, for programs. Of a mutation it is a field of the error, of a query or subscription it is in `extensions.code`.',
  values: {
    RIDE_NOT_FOUND: {
      description: 'Unknown, deleted, or not for the viewer to know of. Do not send it again.',
    },
    RIDE_NOT_ACTIVE: {
      description: 'Positions are taken only while the ride is ACTIVE. Resume it first where it is PAUSED.',
    },
    INVALID_TRANSITION: {
      description: 'The ride is in a status from which this does not lead. Read the ride again.',
    },
    INVALID_INPUT: {
      description: 'The message says what it has to be. Sent again as it is it will be refused again.',
    },
    VERSION_CONFLICT: { description: 'The ride is not at `expectedVersion`. Read it again and decide anew.' },
    ID_TAKEN: {
      description: 'The id came before with other content, or for what is deleted. Make a new one.',
    },
    CURSOR_UNKNOWN: {
      description: 'The cursor is of something else, or from before a restore. Start again without one.',
    },
    FORBIDDEN: { description: 'The viewer may not do this.' },
    UNAUTHENTICATED: { description: 'Sign in, or send a token.' },
    RATE_LIMITED: {
      description: 'Too many requests. Send it again after `retryAfter` seconds, with the same ids.',
    },
    OVERLOADED: { description: 'Not now, and nothing was recorded. Send it again with the same ids.' },
    // From here on never of a mutation's error: the operation was not executed, or not to its end.
    TOO_COMPLEX: {
      description:
        'In `extensions.code`: the document is too large, or the operation costs too much. The message says of what; ask for less at a time.',
    },
    TIMED_OUT: {
      description:
        'In `extensions.code`: it took too long. Ask for less; a mutation may have been carried out: send it again with the same ids.',
    },
    BAD_REQUEST: {
      description: 'In `extensions.code`: the request is none of GraphQL over HTTP. The message says why.',
    },
    GRAPHQL_PARSE_FAILED: { description: 'In `extensions.code`: the document is no GraphQL.' },
    GRAPHQL_VALIDATION_FAILED: {
      description:
        'In `extensions.code`: the document does not fit the schema, such as a field that is not there.',
    },
    OPERATION_RESOLUTION_FAILURE: {
      description: 'In `extensions.code`: `operationName` names no operation of the document, or has to.',
    },
    PERSISTED_QUERY_NOT_FOUND: {
      description: 'In `extensions.code`: no document is known by this hash. Send its text with it.',
    },
    INTERNAL_SERVER_ERROR: {
      description: 'In `extensions.code`: a fault of the server, which has logged it. Ask again later.',
    },
  } as const,
})

export type ErrorCode = typeof ErrorCodeEnum.$inferType
