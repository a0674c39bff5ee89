/** What is said where an operation took too long. */
import { GraphQLError } from 'graphql'
import type { ErrorCode } from '#api/enums.ts'

export function timedOut(): GraphQLError {
  const code: ErrorCode = 'TIMED_OUT'
  return new GraphQLError(
    'It took too long. Ask for less at a time; send a mutation again with the same ids, for it may have been carried out.',
    { extensions: { code, http: { status: 503 } } },
  )
}
