/**
 * The part of the service that a replay talks to, in memory, with faults to order: the contract's mutations,
 * `rideFeed` and `ride`, over a real WebSocket. What it records it records once an id, as the service does.
 */

import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { buildSchema, execute, GraphQLError, subscribe, validate } from 'graphql'
import { useServer } from 'graphql-ws/use/ws'
import { type WebSocket, WebSocketServer } from 'ws'

/**
 * - `drop before`: the connection breaks, nothing is recorded;
 * - `drop after`: it is recorded, then the connection breaks: the answer is lost;
 * - `overloaded`, `rate limited`: nothing is recorded, patience is asked for;
 * - `fail`: an error without a code;
 * - `silent`: never an answer;
 * - `refuse`: INVALID_INPUT.
 */
export type Fault =
  | 'drop before'
  | 'drop after'
  | 'overloaded'
  | 'rate limited'
  | 'fail'
  | 'silent'
  | 'refuse'

export interface Received {
  readonly field: string
  readonly input: RideInput
}

interface RideInput {
  readonly rideId: string
  readonly uploadId?: string
  readonly commandId?: string
  readonly at?: string
  readonly startedAt?: string
  readonly title?: string
  readonly positions?: readonly Readonly<Record<string, unknown>>[]
}

export interface FakeService extends AsyncDisposable {
  readonly url: URL
  /** Everything that came, retries too. */
  readonly received: readonly Received[]
  /** What was recorded, in that order. */
  readonly recorded: readonly Received[]
  /** Breaks every connection and refuses new ones until `open`. */
  readonly shut: () => Promise<void>
  readonly open: () => Promise<void>
}

export interface FakeServiceOptions {
  /** It takes rides of whom it shows none. */
  readonly showsNothing?: boolean
  /** What goes wrong with the `count`th thing received, counted from 0. */
  readonly fault?: (count: number, received: Received) => Fault | undefined
  /** Only this token is let in. */
  readonly token?: string
}

export async function startFakeService(options: FakeServiceOptions = {}): Promise<FakeService> {
  const received: Received[] = []
  const recorded = new Map<string, Received>()
  let server = await listen(0)
  const { port } = server.address() as AddressInfo

  async function listen(at: number): Promise<WebSocketServer> {
    const sockets = new WebSocketServer({ host: '127.0.0.1', port: at, path: '/graphql' })
    useServer(
      {
        schema,
        // Vitest and Node each load a graphql of their own, and neither takes the other's schema: all of them
        // from here.
        execute,
        subscribe,
        validate,
        roots: { mutation: mutations(), subscription: { rideFeed }, query: { ride } },
        context: ({ extra }) => ({ socket: extra.socket }),
        onConnect: ({ connectionParams }) => {
          const { authorization } = connectionParams ?? {}
          return options.token === undefined || authorization === `Bearer ${options.token}`
        },
      },
      sockets,
    )
    await once(sockets, 'listening')
    return sockets
  }

  function mutations(): Record<
    string,
    (args: { input: RideInput }, context: { socket: WebSocket }) => unknown
  > {
    return Object.fromEntries(
      Object.keys(schema.getMutationType()!.getFields()).map((field) => [
        field,
        ({ input }, { socket }) => record({ field, input }, socket),
      ]),
    )
  }

  function record(command: Received, socket: WebSocket): unknown {
    const fault = options.fault?.(received.length, command)
    received.push(command)
    const trouble = {
      __typename: 'OverloadedError',
      code: 'OVERLOADED',
      message: 'Too much to do.',
      retryAfter: 2.5,
    }
    switch (fault) {
      case 'drop before':
        socket.terminate()
        return new Promise(() => {})
      case 'silent':
        return new Promise(() => {})
      case 'overloaded':
        return trouble
      case 'rate limited':
        return { ...trouble, __typename: 'RateLimitedError', code: 'RATE_LIMITED' }
      case 'fail':
        throw new Error('Unexpected error.')
      case 'refuse':
        return { __typename: 'InvalidInputError', code: 'INVALID_INPUT', message: 'Too early.', path: ['at'] }
    }
    const { rideId, uploadId, commandId } = command.input
    const id = uploadId ?? commandId ?? rideId
    if (!recorded.has(id)) recorded.set(id, command)
    if (fault === 'drop after') {
      socket.terminate()
      return new Promise(() => {})
    }
    const version = [...recorded.keys()].indexOf(id) + 1
    const payload = `${command.field[0]!.toUpperCase()}${command.field.slice(1)}Payload`
    return { __typename: payload, version, cursor: `after ${version}` }
  }

  function rideFeed() {
    if (options.showsNothing !== true) return items()
    throw new GraphQLError('There is no such ride.', { extensions: { code: 'RIDE_NOT_FOUND' } })
  }

  async function* items() {
    yield { rideFeed: { cursor: 'after the end', version: recorded.size + 1, status: 'FINISHED' } }
  }

  function ride() {
    return { status: 'FINISHED', statistics: { distance: 12_345.6 } }
  }

  async function shut(): Promise<void> {
    const closed = once(server, 'close')
    server.close()
    for (const socket of server.clients) socket.terminate()
    await closed
  }

  return {
    url: new URL(`http://127.0.0.1:${port}`),
    received,
    get recorded() {
      return [...recorded.values()]
    },
    shut,
    open: async () => {
      server = await listen(port)
    },
    [Symbol.asyncDispose]: shut,
  }
}

const commands = ['pauseRide', 'resumeRide', 'endRide'].map(
  (field) => field[0]!.toUpperCase() + field.slice(1),
)

const schema = buildSchema(`
scalar DateTime scalar Latitude scalar Longitude scalar Cursor
enum RideStatus { ACTIVE PAUSED ENDED FINISHED }
interface Error { message: String! code: String! }
type InvalidInputError implements Error { message: String! code: String! path: [String!]! }
type RateLimitedError implements Error { message: String! code: String! retryAfter: Float! }
type OverloadedError implements Error { message: String! code: String! retryAfter: Float! }
input StartRideInput { rideId: ID startedAt: DateTime title: String }
input RideCommandInput { rideId: ID! commandId: ID at: DateTime expectedVersion: Int }
input RecordPositionsInput { rideId: ID! uploadId: ID positions: [PositionInput!]! }
input PositionInput {
  at: DateTime! latitude: Latitude longitude: Longitude altitude: Float speed: Float heading: Float accuracy: Float
  heartRate: Int cadence: Int power: Int battery: Float
}
${['StartRide', 'RecordPositions', ...commands]
  .map(
    (name) => `type ${name}Payload { version: Int! cursor: Cursor! }
union ${name}Result = ${name}Payload | InvalidInputError | RateLimitedError | OverloadedError`,
  )
  .join('\n')}
type Mutation {
  startRide(input: StartRideInput!): StartRideResult!
  recordPositions(input: RecordPositionsInput!): RecordPositionsResult!
  pauseRide(input: RideCommandInput!): PauseRideResult!
  resumeRide(input: RideCommandInput!): ResumeRideResult!
  endRide(input: RideCommandInput!): EndRideResult!
}
type RideStatistics { distance: Float! }
type Ride { status: RideStatus! statistics: RideStatistics }
type Query { ride(id: ID!, minVersion: Int): Ride }
type RideFeedItem { cursor: Cursor! version: Int! status: RideStatus! }
type Subscription { rideFeed(rideId: ID!, after: Cursor, until: RideStatus): RideFeedItem! }
`)
