/** GraphQL: one yoga instance behind every road (HTTP, SSE, WebSocket), so that one policy holds on all of them. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { renderGraphiQL } from '@graphql-yoga/render-graphiql'
import { type ExecutionResult, GraphQLError } from 'graphql'
import { createYoga, type Plugin, processRegularResult } from 'graphql-yoga'
import type { RequestContext, Rooms, Viewer } from '#api/context.ts'
import { createLoaders } from '#api/loaders.ts'
import { schema } from '#api/schema.ts'
import type { RegularType } from './accept.ts'
import { compileOperations } from './compiled.ts'
import { type Documents, openDocuments } from './documents.ts'
import type { FaultLog } from './faults.ts'
import { graphiql } from './graphiql.ts'
import { masked } from './masking.ts'
import { proveDocuments } from './proven.ts'
import { readTraceparent } from './trace-context.ts'

export const graphqlPath = '/graphql'

export type GraphQL = ReturnType<typeof createGraphQL>

/** Where an operation comes from: over HTTP a request, over WebSocket also what the client said when it connected. */
export interface Origin {
  readonly req?: IncomingMessage
  readonly connectionParams?: Readonly<Record<string, unknown>> | undefined
}

export function createGraphQL(rooms: Rooms, viewer: Viewer, onFault: FaultLog) {
  const documents = openDocuments()
  const { proven, caches, plugin } = proveDocuments()
  const operations = compileOperations(schema)
  const compiled: Plugin = {
    onExecute({ args, executeFn, setExecuteFn }) {
      const operation = operations.of(args)
      if (operation !== undefined) setExecuteFn((args) => operation.execute(args) ?? executeFn(args))
    },
  }
  const yoga = createYoga<Origin, RequestContext>({
    schema,
    graphqlEndpoint: graphqlPath,
    landingPage: false,
    cors: false,
    multipart: false,
    logging: false,
    graphiql,
    renderGraphiQL,
    parserAndValidationCache: caches,
    plugins: [named(documents), plugin, compiled],
    context: (initial) => requestContext(rooms, viewer, traceparentOf(initial)),
    maskedErrors: { maskError: (error) => masked(error, onFault) },
  })
  return {
    /** All that there is over HTTP, by yoga's own adapter. A body that was read already is `request.body`. */
    handle: async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
      await yoga.handle(request, response, {})
    },
    /** Its pieces for roads of our own: parse, validate, context and execute, with all that belongs to them. */
    getEnveloped: yoga.getEnveloped,
    documents,
    proven,
    /** What yoga answers with over HTTP, where nothing of it comes later. */
    responseTo: (result: ExecutionResult, accepted: RegularType): Response =>
      processRegularResult(result, yoga.fetchAPI, accepted),
    /** What a client learns of a fault. */
    masked: (error: unknown): GraphQLError => masked(error, onFault),
  }
}

/** A request that names its document by a hash goes on as if it had brought the text. */
function named(documents: Documents): Plugin {
  return {
    onParams({ params, setParams }) {
      const query = documents.textOf(params)
      if (query instanceof GraphQLError) throw query
      if (query !== params.query && query !== undefined) setParams({ ...params, query })
    },
  }
}

function traceparentOf({ req, connectionParams }: Origin): string | undefined {
  return readTraceparent(connectionParams?.['traceparent'] ?? req?.headers['traceparent'])
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
