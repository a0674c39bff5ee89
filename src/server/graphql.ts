/** GraphQL: one yoga instance behind every road (HTTP, SSE, WebSocket), so that one policy holds on all of them. */
import { renderGraphiQL } from '@graphql-yoga/render-graphiql'
import { PothosValidationError } from '@pothos/core'
import { GraphQLError } from 'graphql'
import { createYoga } from 'graphql-yoga'
import type { RequestContext, Rooms, Viewer } from '#api/context.ts'
import { asGraphQLError, OverloadedError } from '#api/errors.ts'
import { createLoaders } from '#api/loaders.ts'
import { schema } from '#api/schema.ts'
import { isUnavailable } from '#database/faults.ts'
import type { FaultLog } from './faults.ts'
import { readTraceparent } from './trace-context.ts'

export const graphqlPath = '/graphql'

const firstQuery = `# Slipstream's API. Ctrl-Enter runs the operation under the cursor; the book icon shows the schema.
query Rides {
  rides(first: 10) {
    totalCount
    nodes { id title status startedAt progress { distance movingTime } }
  }
}

mutation Start {
  startRide(input: { title: "Morning ride" }) {
    ... on StartRidePayload { rideId version }
    ... on Error { code message }
  }
}

subscription Live {
  liveRides { snapshot removed rides { rideId title status progress { distance } position { latitude longitude } } }
}
`

export function createGraphQL(rooms: Rooms, viewer: Viewer, onFault: FaultLog) {
  return createYoga<object, RequestContext>({
    schema,
    graphqlEndpoint: graphqlPath,
    landingPage: false,
    cors: false,
    multipart: false,
    logging: false,
    graphiql: { title: 'Slipstream API', defaultQuery: firstQuery, subscriptionsProtocol: 'WS' },
    renderGraphiQL,
    context: (initial) => requestContext(rooms, viewer, traceparentOf(initial)),
    maskedErrors: { maskError: (error) => mask(error, onFault) },
  })
}

/** Over HTTP of the request's headers, over WebSocket of what the client said when it connected. */
function traceparentOf({
  request,
  connectionParams,
}: {
  readonly request?: Request
  readonly connectionParams?: Readonly<Record<string, unknown>> | undefined
}): string | undefined {
  return readTraceparent(request?.headers.get('traceparent') ?? connectionParams?.['traceparent'])
}

function requestContext(rooms: Rooms, viewer: Viewer, traceparent: string | undefined): RequestContext {
  const { serving, log, gone } = rooms
  const read = serving.read()
  return {
    ...rooms,
    viewer,
    traceparent,
    read,
    ...createLoaders({ read, log, viewer, gone }),
  }
}

/** Errors made for the client pass; of faults it learns only that there was one. */
function mask(error: unknown, onFault: FaultLog): Error {
  const original = error instanceof GraphQLError ? error.originalError : error
  const isOurs = original == null || original instanceof GraphQLError
  if (error instanceof GraphQLError && isOurs && !(original instanceof PothosValidationError)) return error
  const masked = maskedOf(original, onFault)
  if (!(error instanceof GraphQLError)) return masked
  const { nodes = null, source = null, path = null } = error
  return new GraphQLError(masked.message, { nodes, source, path, extensions: masked.extensions })
}

function maskedOf(fault: unknown, onFault: FaultLog): GraphQLError {
  if (fault instanceof PothosValidationError) return asGraphQLError('INVALID_INPUT', fault.message)
  if (isUnavailable(fault)) {
    const { code, message } = new OverloadedError()
    return asGraphQLError(code, message)
  }
  onFault('An operation failed', fault)
  return new GraphQLError('Something went wrong on the server. It has been logged.', {
    extensions: { code: 'INTERNAL_SERVER_ERROR' },
  })
}
