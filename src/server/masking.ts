/** What clients learn of errors: those made for them as they are, of faults only that there was one. */
import { PothosValidationError } from '@pothos/core'
import { GraphQLError } from 'graphql'
import type { ErrorCode } from '#api/enums.ts'
import { asGraphQLError, notYet, OverloadedError } from '#api/errors.ts'
import { isUnavailable } from '#database/faults.ts'
import { currentRequest } from './current-request.ts'
import type { FaultLog } from './faults.ts'

export function masked(error: unknown, onFault: FaultLog): GraphQLError {
  const original = error instanceof GraphQLError ? error.originalError : error
  const isOurs = original == null || original instanceof GraphQLError
  if (error instanceof GraphQLError && isOurs && !(original instanceof PothosValidationError)) {
    return withCode(error)
  }
  const shown = shownOf(original, onFault)
  if (!(error instanceof GraphQLError)) return shown
  const { nodes = null, source = null, positions = null, path = null } = error
  return new GraphQLError(shown.message, { nodes, source, positions, path, extensions: shown.extensions })
}

/** graphql-js itself says what is wrong with variables and arguments, and gives it no code. */
function withCode(error: GraphQLError): GraphQLError {
  error.extensions['code'] ??= 'INVALID_INPUT' satisfies ErrorCode
  return error
}

function shownOf(fault: unknown, onFault: FaultLog): GraphQLError {
  if (fault instanceof PothosValidationError) return asGraphQLError('INVALID_INPUT', fault.message)
  if (isUnavailable(fault)) {
    const { message, retryAfter } = new OverloadedError()
    return notYet(message, retryAfter)
  }
  const request = currentRequest()
  onFault('An operation failed', fault, request)
  return new GraphQLError('Something went wrong on the server. It has been logged.', {
    extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: request?.requestId },
  })
}
