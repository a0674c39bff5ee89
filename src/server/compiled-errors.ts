/** Errors of graphql-jit, made into what graphql-js would have said: they know their place, but not their nodes. */
import { type ExecutionResult, GraphQLError, type Source, type SourceLocation } from 'graphql'

export function likeGraphQLs(result: ExecutionResult, source: Source | undefined): ExecutionResult {
  const { data, errors } = result
  if (errors === undefined) return result
  return { errors: errors.map((error) => likeGraphQL(error, source)), ...(data !== undefined && { data }) }
}

function likeGraphQL(error: GraphQLError, source: Source | undefined): GraphQLError {
  const { message, path = null, locations = [], originalError } = error
  return new GraphQLError(message, {
    path,
    source: source ?? null,
    positions: source === undefined ? null : locations.map((location) => positionIn(source, location)),
    // What no resolver threw (nothing where there must be something, a value that cannot be written) is a fault, and as
    // such told to nobody, but for an argument that must not be null: that is the client's.
    originalError:
      originalError ?? (message.startsWith('Argument "') ? new GraphQLError(message) : new Error(message)),
  })
}

/** The inverse of graphql-js' `getLocation`. */
function positionIn({ body, locationOffset }: Source, { line, column }: SourceLocation): number {
  let start = 0
  let left = line - locationOffset.line
  for (const { index, 0: end } of body.matchAll(/\r\n|[\n\r]/g)) {
    if (left-- <= 0) break
    start = index + end.length
  }
  return start + column - 1
}
