/**
 * What can go wrong with a question to the server, told apart by what the page does about it.
 */
export type Failure =
  /** Worth asking again as it is, after `retryAfterMs` if the server said so. */
  | { kind: 'again'; retryAfterMs: number | null }
  /** The cursor is from before a restore: begin anew. */
  | { kind: 'restart' }
  /** Asking again gives the same answer. `code` is the contract's ErrorCode where there is one. */
  | { kind: 'final'; code: string | null; message: string }

interface GraphQLProblem {
  message: string
  extensions?: Record<string, unknown> | undefined
}

const finalCodes = new Set([
  'RIDE_NOT_FOUND',
  'FORBIDDEN',
  'UNAUTHENTICATED',
  'INVALID_INPUT',
  'GRAPHQL_VALIDATION_FAILED',
])

/** Judges the errors of one GraphQL answer by the first one's `extensions.code`. */
export function judgeProblems(problems: readonly GraphQLProblem[]): Failure {
  const extensions = problems[0]?.extensions ?? {}
  const code = extensions['code']
  if (code === 'CURSOR_UNKNOWN') return { kind: 'restart' }
  if (typeof code === 'string' && finalCodes.has(code)) {
    return { kind: 'final', code, message: problems[0]?.message ?? code }
  }
  const seconds = extensions['retryAfter']
  return { kind: 'again', retryAfterMs: typeof seconds === 'number' && seconds > 0 ? seconds * 1_000 : null }
}

/** Whether `reason` is the list of errors that the server ended a subscription with; all else is the connection's. */
export function isProblems(reason: unknown): reason is GraphQLProblem[] {
  return (
    Array.isArray(reason) &&
    reason.every((entry) => typeof entry === 'object' && entry !== null && 'message' in entry)
  )
}
