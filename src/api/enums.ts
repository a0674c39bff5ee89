/** The enumerations of the contract. */
import { builder } from './builder.ts'

export const RideStatusEnum = builder.enumType('RideStatus', {
  values: ['ACTIVE', 'PAUSED', 'ENDED', 'FINISHED'] as const,
})

export const VisibilityEnum = builder.enumType('Visibility', {
  description: 'Who may see a ride: its rider, whoever has its link, everybody.',
  values: ['PRIVATE', 'UNLISTED', 'PUBLIC'] as const,
})

export const DistanceUnitEnum = builder.enumType('DistanceUnit', {
  values: ['KILOMETRE', 'MILE'] as const,
})

export const RideEventTypeEnum = builder.enumType('RideEventType', {
  values: [
    'STARTED',
    'POSITIONS_RECORDED',
    'PAUSED',
    'RESUMED',
    'ENDED',
    'FINISHED',
    'EDITED',
    'DELETED',
  ] as const,
})

export const ExclusionReasonEnum = builder.enumType('ExclusionReason', {
  description: 'Why a position was left out of the route.',
  values: [
    'DUPLICATE_TIME',
    'OUT_OF_RANGE',
    'IMPOSSIBLE_SPEED',
    'POOR_ACCURACY',
    'OUTSIDE_ACTIVE_TIME',
  ] as const,
})

export const ErrorCodeEnum = builder.enumType('ErrorCode', {
  values: [
    'RIDE_NOT_FOUND',
    'RIDE_NOT_ACTIVE',
    'INVALID_TRANSITION',
    'INVALID_INPUT',
    'VERSION_CONFLICT',
    'ID_TAKEN',
    'CURSOR_UNKNOWN',
    'FORBIDDEN',
    'UNAUTHENTICATED',
    'RATE_LIMITED',
    'OVERLOADED',
  ] as const,
})

export type ErrorCode = typeof ErrorCodeEnum.$inferType
