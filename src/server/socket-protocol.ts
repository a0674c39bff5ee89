/**
 * GraphQL over WebSocket: graphql-ws' own server for the protocol graphql-transport-ws, with two things of ours: the pieces of
 * the yoga instance that all roads share, and subscriptions that send by themselves (`subscription.ts`).
 */
import {
  createSourceEventStream,
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  GraphQLError,
} from 'graphql'
import { type Context, makeServer, type Server, type SubscribePayload } from 'graphql-ws'
import { outdated } from '#api/lack.ts'
import { schema } from '#api/schema.ts'
import type { Source } from '#live/source.ts'
import type { Viewer } from '#rights/viewer.ts'
import type { Connection } from './connection.ts'
import type { FanOut } from './fan-out.ts'
import type { GraphQL } from './graphql.ts'
import type { Credentials, Identify } from './identify.ts'
import { knownOperation } from './known-operation.ts'
import { tooMuchToRead } from './limits/document.ts'
import { rateLimited } from './limits/rate-limited.ts'
import { countedKey, isUncounted } from './limits/rates.ts'
import { type Receiver, Subscription } from './subscription.ts'

/** What is known of a client beside what it sends. */
export interface Client {
  readonly connection: Connection
  /** Of the request that was upgraded; what the client says when it connects outranks them. */
  readonly request: Credentials
  /** Says why, and closes the connection so that the client comes again. */
  readonly askLater: (reason: string) => void
  /** Found when the client connects. */
  viewer?: Viewer
  /** Whether nothing is under way; set with it. */
  isIdle?: () => boolean
  /** Whether something was asked that is not answered yet, other than a feed that goes on; set with it. */
  isAnswering?: () => boolean
  /** Called when it is known who the client is. */
  readonly onKnown: () => void
  /** What is called when the client has gone, or at once where it has. */
  readonly onGone: (leave: () => void) => void
  /** Of the request that was upgraded; what the client says when it connects outranks it. */
  readonly traceparent: string | undefined
}

/** An operation's root value: nothing of the schema's reads it. */
interface Answering {
  readonly execute: (args: ExecutionArgs) => PromiseOrValue<ExecutionResult>
}

interface Asked extends Answering, Receiver {
  /** As the client sent it: an object a message. */
  readonly payload: SubscribePayload
  readonly viewer: Viewer
  readonly context: () => PromiseOrValue<unknown>
}

type PromiseOrValue<Value> = Value | Promise<Value>

/** A client says who it is as soon as its socket is open. */
const connectionInitWaitMs = 5_000
/** Of one connection; a page has a handful, a wall of maps some tens. */
const mostUnderWay = 250
/** Seconds. */
const underWayRetryAfter = 1

export function speakProtocol(graphql: GraphQL, identify: Identify, fanOut: FanOut): Server<Client> {
  /** What is called when a subscription has ended, by what asked for it. */
  const begun = new WeakMap<object, () => void>()
  return makeServer<Record<string, unknown>, Client>({
    connectionInitWaitTimeout: connectionInitWaitMs,
    onConnect: async (context) => {
      const { extra, connectionParams } = context
      const identification = await identify(credentialsIn(extra.request, connectionParams))
      if (identification.outcome === 'refused') return false
      if (identification.outcome === 'too often') {
        extra.askLater('Too many credentials that are no good. Connect again later, with a good one.')
        return false
      }
      if (identification.outcome === 'unavailable') {
        extra.askLater('The server cannot find out who asks. Connect again.')
        return false
      }
      const { viewer } = identification
      if (!isUncounted(viewer)) {
        const leave = graphql.policy.sockets.enter(countedKey(viewer))
        if (leave === undefined) {
          graphql.policy.onRefusal('RATE_LIMITED')
          extra.askLater('Too many connections. Close one, then connect again.')
          return false
        }
        extra.onGone(leave)
      }
      extra.viewer = viewer
      extra.onKnown()
      extra.isIdle = () => isEmpty(context.subscriptions)
      // graphql-ws keeps the place of what is asked with null, until it is a feed or is answered.
      extra.isAnswering = () => Object.values(context.subscriptions).includes(null)
      return true
    },
    onSubscribe: (context, id, params) =>
      refusalOf(context, graphql) ?? argumentsOf(context, id, params, graphql),
    execute: (args) => (args.rootValue as Answering).execute(args),
    subscribe: async (args) => {
      const { payload, viewer } = args.rootValue as Asked
      const leave = graphql.beginning(args, viewer)
      if (leave instanceof GraphQLError) return { errors: [leave] }
      begun.set(payload, leave)
      return subscribe(args, graphql, fanOut).catch((error: unknown) => {
        leave()
        throw error
      })
    },
    onComplete: (_context, _id, payload) => begun.get(payload)?.(),
    onNext(_context, _id, _params, _args, { errors, data, extensions }) {
      if (errors === undefined) return
      return {
        ...(data !== undefined && { data }),
        ...(extensions !== undefined && { extensions }),
        errors: errors.map(shown),
      }
    },
    onError: (_context, _id, _params, errors) => errors.map(shown),
  })
}

/** A connection may outlive what it was opened with. Of a viewer that is counted: an operation is a request, over whatever road. */
function refusalOf(
  { extra: { viewer }, subscriptions }: Context<Record<string, unknown>, Client>,
  { policy }: GraphQL,
): readonly GraphQLError[] | undefined {
  const lapsed = viewer && outdated(viewer)
  if (lapsed !== undefined) return [lapsed]
  const allowance = viewer && policy.rates.of(viewer)
  if (allowance === undefined) return undefined
  const retryAfter = allowance.takeRequest()
  if (retryAfter !== undefined) {
    policy.onRefusal('RATE_LIMITED')
    return [rateLimited(retryAfter)]
  }
  if (Object.keys(subscriptions).length <= mostUnderWay) return undefined
  policy.onRefusal('RATE_LIMITED')
  const message = `At most ${mostUnderWay} operations go on over one connection. End one, or open another connection.`
  return [rateLimited(underWayRetryAfter, message)]
}

function isEmpty(record: object): boolean {
  for (const _ in record) return false
  return true
}

async function argumentsOf(
  { extra: { connection, viewer, traceparent }, connectionParams }: Context<Record<string, unknown>, Client>,
  id: string,
  params: SubscribePayload,
  graphql: GraphQL,
): Promise<ExecutionArgs | readonly GraphQLError[]> {
  const { documents, proven, getEnveloped, executeKnown } = graphql
  const text = documents.textOf(params)
  if (text instanceof GraphQLError) return [text]
  const tooMuch = tooMuchToRead(params)
  if (tooMuch !== undefined) {
    graphql.policy.onRefusal('TOO_COMPLEX')
    return [new GraphQLError(tooMuch, { extensions: { code: 'TOO_COMPLEX' } })]
  }
  if (viewer === undefined) throw new Error('The client has not connected')
  const origin = {
    viewer,
    connectionParams: traceparent === undefined ? connectionParams : { traceparent, ...connectionParams },
    params: { ...params, query: text },
  }
  const known = knownOperation({ ...params, query: text }, graphql)
  if (known !== undefined) {
    const asked: Answering = { execute: () => executeKnown(known, origin) }
    return { schema, document: known.document, operationName: known.operationName, rootValue: asked }
  }
  // Each is given an origin of its own, for it becomes the context, with all that is in it.
  const { parse, validate, execute, contextFactory } = getEnveloped({ ...origin })
  const context = () => getEnveloped({ ...origin }).contextFactory()
  try {
    const valid = proven.documentOf(text, params.operationName)
    const document: DocumentNode = valid ?? parse(text)
    const errors: readonly GraphQLError[] = valid === undefined ? validate(schema, document) : []
    if (errors.length > 0) return errors
    const asked: Asked = { connection, id, execute, context, payload: params, viewer }
    return {
      schema,
      document,
      operationName: params.operationName ?? null,
      variableValues: params.variables ?? null,
      contextValue: await contextFactory(),
      rootValue: asked,
    }
  } catch (error) {
    if (error instanceof GraphQLError) return [error]
    throw error
  }
}

async function subscribe(
  args: ExecutionArgs,
  { masked }: GraphQL,
  fanOut: FanOut,
): Promise<Subscription | ExecutionResult> {
  const { connection, id, context } = args.rootValue as Asked
  const source = await createSourceEventStream(args)
  if (!isIterable(source)) return { ...source, ...(source.errors && { errors: source.errors.map(masked) }) }
  if (!isSource(source)) throw new Error('A subscription of the schema gives something else than a source')
  const { schema, document, operationName, variableValues } = args
  // The protocol keeps its arguments as long as the subscription goes on.
  args.contextValue = undefined
  const operation = { schema, document, operationName, variableValues, context }
  return new Subscription({ source, operation, receiver: { connection, id }, fanOut, masked })
}

/** In whatever case, as a header's name may be: who brings a credential must not be taken for nobody. */
function credentialsIn(request: Credentials, said: Readonly<Record<string, unknown>> = {}): Credentials {
  let { authorization, rideShare } = request
  for (const [name, value] of Object.entries(said)) {
    if (typeof value !== 'string') continue
    if (name.toLowerCase() === 'authorization') authorization = value
    if (name.toLowerCase() === 'rideshare') rideShare = value
  }
  return { ...request, authorization, rideShare }
}

function isIterable(stream: AsyncIterable<unknown> | ExecutionResult): stream is AsyncIterable<unknown> {
  return Symbol.asyncIterator in stream
}

function isSource(stream: AsyncIterable<unknown>): stream is Source<unknown> {
  return 'begin' in stream
}

/** What an error says of its answer over HTTP is not for clients. */
function shown(error: GraphQLError) {
  const { extensions, ...rest } = error.toJSON()
  const { http: _, ...own } = extensions ?? {}
  return Object.keys(own).length === 0 ? rest : { ...rest, extensions: own }
}
