/** A client of the running product: HTTP for queries and mutations, one WebSocket for subscriptions. */
import { randomUUID } from 'node:crypto'
import { createClient } from 'graphql-ws'
import { WebSocket } from 'ws'

export interface Answer {
  readonly data?: Record<string, Record<string, unknown>> | null
  readonly errors?: readonly { readonly message: string; readonly extensions?: { readonly code?: string } }[]
}

export interface ApiClient extends AsyncDisposable {
  ask(query: string, variables?: Record<string, unknown>): Promise<Answer>
  /** A mutation of the contract; gives the member of its result union. */
  mutate(name: string, input: Record<string, unknown>, fields?: string): Promise<Record<string, unknown>>
  subscribe(query: string, variables?: Record<string, unknown>): AsyncIterableIterator<Answer>
}

const inputTypes: Record<string, string> = {
  startRide: 'StartRideInput',
  recordPositions: 'RecordPositionsInput',
  editRide: 'EditRideInput',
  shareRide: 'ShareRideInput',
  unshareRide: 'UnshareRideInput',
}

/**
 * `retries`: how often a socket that was cut is opened again
 * by itself, its subscriptions asked anew as they were. `authorization`: as `asRider` gives it.
 */
export function connect(
  url: string,
  {
    retries = 50,
    authorization,
    rideShare,
  }: { retries?: number; authorization?: string; rideShare?: string } = {},
): ApiClient {
  const credentials = authorization === undefined ? {} : { authorization }
  const socket = createClient({
    url: `${url.replace(/^http/, 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: retries,
    shouldRetry: () => true,
    connectionParams: { ...credentials, ...(rideShare && { rideShare }) },
  })
  async function ask(query: string, variables: Record<string, unknown> = {}): Promise<Answer> {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...credentials,
        ...(rideShare && { 'ride-share': rideShare }),
      },
      body: JSON.stringify({ query, variables }),
    })
    return (await response.json()) as Answer
  }
  return {
    ask,
    async mutate(name, input, fields = '') {
      const payload = `${name[0]?.toUpperCase()}${name.slice(1)}Payload`
      const { data, errors } = await ask(
        `mutation ($input: ${inputTypes[name] ?? 'RideCommandInput'}!) {
          ${name}(input: $input) {
            __typename
            ... on ${payload} { rideId version ${name === 'deleteRide' ? '' : 'cursor'} ${fields} }
            ... on Error { code message }
            ... on InvalidInputError { path }
            ${name === 'startRide' ? '' : '... on VersionConflictError { actualVersion }'}
          }
        }`,
        { input },
      )
      if (errors !== undefined || data == null) throw new Error(JSON.stringify(errors))
      return data[name] ?? {}
    },
    subscribe: (query, variables = {}) =>
      socket.iterate({ query, variables }) as AsyncIterableIterator<Answer>,
    async [Symbol.asyncDispose]() {
      await socket.dispose()
    },
  }
}

export const startedAt = '2026-05-31T08:00:00.000Z'
export const at = (second: number) => new Date(Date.parse(startedAt) + second * 1000).toISOString()
export const position = (second: number) => ({
  at: at(second),
  latitude: 51.5 + second * 5e-5,
  longitude: -0.12,
})

/** Starts a ride and gives its id. */
export async function startRide(client: ApiClient, input: Record<string, unknown> = {}): Promise<string> {
  const rideId = randomUUID()
  const started = await client.mutate('startRide', { rideId, startedAt, ...input })
  if (started['__typename'] !== 'StartRidePayload') throw new Error(JSON.stringify(started))
  return rideId
}
