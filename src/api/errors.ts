/** What went wrong, as data: the members of the mutations' result unions. */
import { GraphQLError } from 'graphql'
import type { RideStatus } from '#ride/events.ts'
import { builder } from './builder.ts'
import { type ErrorCode, ErrorCodeEnum, RideStatusEnum } from './enums.ts'

/** An error of the contract. Thrown by a resolver it becomes the union's member of its class. */
export abstract class ContractError extends Error {
  abstract readonly code: ErrorCode
}

export class RideNotFoundError extends ContractError {
  readonly code = 'RIDE_NOT_FOUND'
  constructor() {
    super('There is no such ride, or none that you may see. Check its id.')
  }
}

export class RideNotActiveError extends ContractError {
  readonly code = 'RIDE_NOT_ACTIVE'
  readonly status: RideStatus
  constructor(status: RideStatus) {
    const remedy = status === 'PAUSED' ? 'Resume it, then send them again.' : 'It takes no more.'
    super(`Positions are taken only while a ride is ACTIVE; this one is ${status}. ${remedy}`)
    this.status = status
  }
}

export class InvalidTransitionError extends ContractError {
  readonly code = 'INVALID_TRANSITION'
  readonly status: RideStatus
  constructor(message: string, status: RideStatus) {
    super(message)
    this.status = status
  }
}

export class InvalidInputError extends ContractError {
  readonly code = 'INVALID_INPUT'
  /** Where in the input, as keys and indexes. */
  readonly path: readonly string[]
  constructor(message: string, path: readonly string[]) {
    super(message)
    this.path = path
  }
}

export class VersionConflictError extends ContractError {
  readonly code = 'VERSION_CONFLICT'
  readonly actualVersion: number
  constructor(actualVersion: number) {
    super(`The ride is at version ${actualVersion}, not at the expected one. Read it again and decide anew.`)
    this.actualVersion = actualVersion
  }
}

export class IdTakenError extends ContractError {
  readonly code = 'ID_TAKEN'
  constructor() {
    super('This id came before, with other content or for what is deleted. Make a new one.')
  }
}

export class ForbiddenError extends ContractError {
  readonly code = 'FORBIDDEN'
  constructor(message = 'You may not do this.') {
    super(message)
  }
}

export class UnauthenticatedError extends ContractError {
  readonly code = 'UNAUTHENTICATED'
  constructor() {
    super('Sign in, or send a token.')
  }
}

export class RateLimitedError extends ContractError {
  readonly code = 'RATE_LIMITED'
  /** Seconds. */
  readonly retryAfter: number
  constructor(retryAfter: number) {
    super('Too many requests. Send it again later.')
    this.retryAfter = retryAfter
  }
}

export class OverloadedError extends ContractError {
  readonly code = 'OVERLOADED'
  /** Seconds. */
  readonly retryAfter: number
  constructor(retryAfter = 1) {
    super('The server cannot take this on right now. Send it again with the same ids.')
    this.retryAfter = retryAfter
  }
}

/** The same error for queries and subscriptions, which have no union: its code in the extensions. */
export function asGraphQLError(code: ErrorCode, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code } })
}

/** What is not there yet and will be; `retryAfter` in seconds, as the mutations' error has it. */
export function notYet(message: string, retryAfter: number): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'OVERLOADED' satisfies ErrorCode, retryAfter } })
}

const ErrorInterface = builder.interfaceRef<ContractError>('Error').implement({
  description:
    "What went wrong, as data. Every mutation's result is the union of its payload and all errors that it can have.",
  fields: (t) => ({
    message: t.exposeString('message', { description: 'For people: what is the matter, and what to do.' }),
    code: t.expose('code', { type: ErrorCodeEnum, description: 'For programs.' }),
  }),
})

const interfaces = [ErrorInterface]

builder.objectType(RideNotFoundError, {
  name: 'RideNotFoundError',
  description: 'Unknown, deleted, or not for the viewer to know of.',
  interfaces,
})
builder.objectType(RideNotActiveError, {
  name: 'RideNotActiveError',
  description: 'Positions are taken only while ACTIVE.',
  interfaces,
  fields: (t) => ({
    status: t.expose('status', { type: RideStatusEnum, description: 'The status that the ride has.' }),
  }),
})
builder.objectType(InvalidTransitionError, {
  name: 'InvalidTransitionError',
  description: 'The command does not lead on from the status that the ride has.',
  interfaces,
  fields: (t) => ({
    status: t.expose('status', { type: RideStatusEnum, description: 'The status that the ride has.' }),
  }),
})
builder.objectType(InvalidInputError, {
  name: 'InvalidInputError',
  description: 'The message says what the input has to be.',
  interfaces,
  fields: (t) => ({
    path: t.stringList({
      description: 'Where in the input, as keys and indexes.',
      resolve: ({ path }) => [...path],
    }),
  }),
})
builder.objectType(VersionConflictError, {
  name: 'VersionConflictError',
  description: 'The ride is not at `expectedVersion`; nothing was recorded.',
  interfaces,
  fields: (t) => ({
    actualVersion: t.exposeInt('actualVersion', { description: 'The version that the ride is at.' }),
  }),
})
builder.objectType(IdTakenError, {
  name: 'IdTakenError',
  description: 'The same id came before with other content.',
  interfaces,
})
builder.objectType(ForbiddenError, {
  name: 'ForbiddenError',
  description: 'The viewer may not do this.',
  interfaces,
})
builder.objectType(UnauthenticatedError, {
  name: 'UnauthenticatedError',
  description: 'Nobody is signed in.',
  interfaces,
})
builder.objectType(RateLimitedError, {
  name: 'RateLimitedError',
  description: 'Nothing was recorded; send it again later, with the same ids.',
  interfaces,
  fields: (t) => ({
    retryAfter: t.exposeFloat('retryAfter', { description: 'Seconds after which to send it again.' }),
  }),
})
builder.objectType(OverloadedError, {
  name: 'OverloadedError',
  description: 'Nothing was recorded; send it again with the same ids.',
  interfaces,
  fields: (t) => ({
    retryAfter: t.exposeFloat('retryAfter', { description: 'Seconds after which to send it again.' }),
  }),
})
