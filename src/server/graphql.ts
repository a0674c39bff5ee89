/** GraphQL: one yoga instance behind every road (HTTP, SSE, WebSocket), so that one policy holds on all of them. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { type ExecutionArgs, type ExecutionResult, GraphQLError } from 'graphql'
import { createYoga, isAsyncIterable, type Plugin, processRegularResult } from 'graphql-yoga'
import type { Allowance } from '#api/allowance.ts'
import type { RequestContext, Rooms } from '#api/context.ts'
import { createLoaders } from '#api/loaders.ts'
import { schema } from '#api/schema.ts'
import type { Viewer } from '#rights/viewer.ts'
import { readTraceparent } from '#telemetry/traceparent.ts'
import type { RegularType } from './accept.ts'
import { type Compiled, compileOperations } from './compiled.ts'
import { type Documents, openDocuments } from './documents.ts'
import type { FaultLog } from './faults.ts'
import { graphiqlOf } from './graphiql/graphiql.ts'
import type { KnownOperation, Params } from './known-operation.ts'
import { boundDocuments } from './limits/bounded-documents.ts'
import { openJudge } from './limits/judge.ts'
import type { Asked } from './limits/operation-cost.ts'
import { sayWhenOverloaded } from './limits/overloaded.ts'
import { openPolicy, type Policy } from './limits/policy.ts'
import { masked } from './masking.ts'
import { fieldOf, type Observing, observeOperations } from './observed.ts'
import { proveDocuments } from './proven.ts'

export const graphqlPath = '/graphql'

export type GraphQL = ReturnType<typeof createGraphQL>

type PromiseOrValue<Value> = Value | Promise<Value>

/** Where an operation comes from: over HTTP a request, over WebSocket also what the client said when it connected. */
export interface Origin {
  readonly viewer: Viewer
  readonly req?: IncomingMessage
  readonly connectionParams?: Readonly<Record<string, unknown>> | undefined
}

export function createGraphQL(
  rooms: Rooms,
  onFault: FaultLog,
  policy: Policy = openPolicy(),
  observing: Observing = {},
) {
  const { limits, rates } = policy
  const documents = openDocuments()
  const { proven, caches, plugin } = proveDocuments()
  const operations = compileOperations(schema)
  const judge = openJudge(schema, policy)
  const observe = observeOperations(observing)
  const counted = new WeakSet<GraphQLError>()

  /** Of a subscription, over whatever road. */
  function beginning(asked: Asked, viewer: Viewer): GraphQLError | (() => void) {
    const begun = judge.beginning(asked, viewer)
    if (begun instanceof GraphQLError) {
      count(begun)
      return begun
    }
    const field = fieldOf(asked)
    if (field === undefined) return begun
    const leave = observing.live?.subscription(field)
    return () => {
      begun()
      leave?.()
    }
  }
  const judging: Plugin = {
    onPluginInit: ({ plugins }) => knowThemAll(plugins),
    onExecute({ args, executeFn, setExecuteFn, setResultAndStopExecution }) {
      const judgement = judge.of(args)
      const { allowance } = contextOf(args)
      const refusal = judge.refusalOf(judgement, allowance)
      if (refusal !== undefined) return setResultAndStopExecution(refusal)
      const operation = operations.of(args)
      setExecuteFn((args) =>
        observe(args, contextOf(args), () =>
          judge.reported(() => operation?.execute(args) ?? executeFn(args), judgement, allowance),
        ),
      )
    },
    /** Of server-sent events; over WebSockets they go another way, and `beginning` is asked there. */
    onSubscribe({ args, setResultAndStopExecution }) {
      const { viewer, res } = contextOf(args)
      const begun = beginning(args, viewer)
      if (begun instanceof GraphQLError) return setResultAndStopExecution({ errors: [begun] })
      // Gone while it was found out who asks, it does not say so again.
      if (res?.closed) begun()
      else res?.once('close', begun)
    },
    onResultProcess({ result }) {
      if (!Array.isArray(result) && !isAsyncIterable(result)) sayWhenOverloaded(result)
    },
  }
  const yoga = createYoga<Origin, RequestContext>({
    schema,
    graphqlEndpoint: graphqlPath,
    landingPage: false,
    cors: false,
    multipart: false,
    logging: false,
    graphiql: ({ url }) => graphiqlOf(url, { ...limits, now: rooms.now, newId: rooms.newId }),
    // Not before a browser asks for it: it is some 25 MB of memory.
    renderGraphiQL: async (options) =>
      (await import('@graphql-yoga/render-graphiql')).renderGraphiQL(options),
    parserAndValidationCache: caches,
    plugins: [named(documents), plugin, boundDocuments(limits), judging],
    context,
    maskedErrors: { maskError: shown },
  })

  function context(origin: Origin): RequestContext {
    const { viewer } = origin
    return requestContext(rooms, viewer, rates.of(viewer), traceparentOf(origin))
  }

  function shown(error: unknown): GraphQLError {
    const told = masked(error, onFault)
    count(told)
    return told
  }

  /** Once, however often it is shown. */
  function count(error: GraphQLError): void {
    if (counted.has(error)) return
    counted.add(error)
    policy.onRefusal(String(error.extensions['code']))
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
      const operation = operations.of(asked)
      const result =
        operation && (await executeCompiled(operation, { ...asked, contextValue: context(origin) }))
      if (result?.errors !== undefined) return { ...result, errors: result.errors.map(shown) }
      if (result !== undefined) return result
      const enveloped = yoga.getEnveloped({ ...origin })
      return await enveloped.execute({ ...asked, contextValue: await enveloped.contextFactory() })
    } catch (error) {
      return { errors: [shown(error)] }
    }
  }

  /** Undefined where its variables have to be judged; what it costs is then taken twice. */
  function executeCompiled(
    operation: Compiled,
    args: ExecutionArgs & { readonly contextValue: RequestContext },
  ): PromiseOrValue<ExecutionResult | undefined> {
    const judgement = judge.of(args)
    const { allowance } = args.contextValue
    const refusal = judge.refusalOf(judgement, allowance)
    if (refusal !== undefined) return refusal
    return observe<ExecutionResult | undefined>(args, args.contextValue, () => {
      const result = operation.execute(args)
      if (result !== undefined) return judge.reported(() => result, judgement, allowance)
      allowance?.leave(judgement.cost)
      return undefined
    })
  }

  return {
    policy,
    observing,
    /** All that there is over HTTP, by yoga's own adapter. A body that was read already is `request.body`. */
    handle: async (request: IncomingMessage, response: ServerResponse, viewer: Viewer): Promise<void> => {
      await yoga.handle(request, response, { viewer })
    },
    /** Its pieces for roads of our own: parse, validate, context and execute, with all that belongs to them. */
    getEnveloped: yoga.getEnveloped,
    executeKnown,
    beginning,
    documents,
    proven,
    /** What yoga answers with over HTTP, where nothing of it comes later. */
    responseTo(result: ExecutionResult, accepted: RegularType): Response {
      sayWhenOverloaded(result)
      return processRegularResult(result, yoga.fetchAPI, accepted)
    },
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

/** Over HTTP yoga's adapter adds the answer that is to be given. */
function contextOf({ contextValue }: ExecutionArgs): RequestContext & { readonly res?: ServerResponse } {
  return contextValue as RequestContext
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

function requestContext(
  rooms: Rooms,
  viewer: Viewer,
  allowance: Allowance | undefined,
  traceparent: string | undefined,
): RequestContext {
  const { serving, log, afresh, now } = rooms
  const read = serving.read()
  const loaders = createLoaders({ read, log, viewer, afresh, now })
  return { ...rooms, viewer, allowance, traceparent, read, loaders }
}
