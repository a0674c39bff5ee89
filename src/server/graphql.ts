/** GraphQL: one yoga instance behind every road (HTTP, SSE, WebSocket), so that one policy holds on all of them. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { type ExecutionResult, GraphQLError } from 'graphql'
import { createYoga, type Plugin, processRegularResult } from 'graphql-yoga'
import type { RequestContext, Rooms } from '#api/context.ts'
import { createLoaders } from '#api/loaders.ts'
import { schema } from '#api/schema.ts'
import type { Viewer } from '#rights/viewer.ts'
import type { RegularType } from './accept.ts'
import { compileOperations } from './compiled.ts'
import { type Documents, openDocuments } from './documents.ts'
import type { FaultLog } from './faults.ts'
import { graphiql } from './graphiql.ts'
import type { KnownOperation, Params } from './known-operation.ts'
import { masked } from './masking.ts'
import { proveDocuments } from './proven.ts'
import { readTraceparent } from './trace-context.ts'

export const graphqlPath = '/graphql'

export type GraphQL = ReturnType<typeof createGraphQL>

/** Where an operation comes from: over HTTP a request, over WebSocket also what the client said when it connected. */
export interface Origin {
  readonly viewer: Viewer
  readonly req?: IncomingMessage
  readonly connectionParams?: Readonly<Record<string, unknown>> | undefined
}

export function createGraphQL(rooms: Rooms, onFault: FaultLog) {
  const documents = openDocuments()
  const { proven, caches, plugin } = proveDocuments()
  const operations = compileOperations(schema)
  const compiled: Plugin = {
    onPluginInit: ({ plugins }) => knowThemAll(plugins),
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
    // Not before a browser asks for it: it is some 25 MB of memory.
    renderGraphiQL: async (options) =>
      (await import('@graphql-yoga/render-graphiql')).renderGraphiQL(options),
    parserAndValidationCache: caches,
    plugins: [named(documents), plugin, compiled],
    context,
    maskedErrors: { maskError: shown },
  })

  function context(origin: Origin): RequestContext {
    return requestContext(rooms, origin.viewer, traceparentOf(origin))
  }

  function shown(error: unknown): GraphQLError {
    return masked(error, onFault)
  }

  /**
   * A query or mutation that is known to be valid. What is compiled is not led past every plugin of yoga's: those that have
   * something to do for it (the context, the compiled operations, the mask) are written out here. To ask them all takes 4 µs of
   * 22.
   */
  async function executeKnown(
    { document, operationName, variables: variableValues }: KnownOperation,
    origin: Origin & { readonly params: Params },
  ): Promise<ExecutionResult> {
    const asked = { schema, document, operationName, variableValues }
    try {
      const contextValue = context(origin)
      const result = await operations.of(asked)?.execute({ ...asked, contextValue })
      if (result?.errors !== undefined) return { ...result, errors: result.errors.map(shown) }
      if (result !== undefined) return result
      const enveloped = yoga.getEnveloped({ ...origin })
      return await enveloped.execute({ ...asked, contextValue: await enveloped.contextFactory() })
    } catch (error) {
      return { errors: [shown(error)] }
    }
  }

  return {
    /** All that there is over HTTP, by yoga's own adapter. A body that was read already is `request.body`. */
    handle: async (request: IncomingMessage, response: ServerResponse, viewer: Viewer): Promise<void> => {
      await yoga.handle(request, response, { viewer })
    },
    /** Its pieces for roads of our own: parse, validate, context and execute, with all that belongs to them. */
    getEnveloped: yoga.getEnveloped,
    executeKnown,
    documents,
    proven,
    /** What yoga answers with over HTTP, where nothing of it comes later. */
    responseTo: (result: ExecutionResult, accepted: RegularType): Response =>
      processRegularResult(result, yoga.fetchAPI, accepted),
    /** What a client learns of a fault. */
    masked: shown,
  }
}

/**
 * Yoga's engine, and the three of `executeKnown`. One that comes to them and has to do with each execution belongs there too, or
 * the roads would differ.
 */
const pluginsOfExecution = 4

function knowThemAll(plugins: readonly Plugin[]): void {
  const found = plugins.filter(({ onEnveloped, onContextBuilding, onExecute }) =>
    [onEnveloped, onContextBuilding, onExecute].some((hook) => hook !== undefined),
  )
  if (found.length !== pluginsOfExecution)
    throw new Error(`There are ${found.length} plugins that executions go through, and not the known ones`)
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
  const loaders = createLoaders({ read, log, viewer, gone })
  return { ...rooms, viewer, traceparent, read, loaders }
}
