/** A server whose rooms hold nothing, and do as they are told: what there is between a request and its resolvers. */
import { randomUUID } from 'node:crypto'
import type { Rooms } from '#api/context.ts'
import { DatabaseUnavailable } from '#database/faults.ts'
import { sourceOf } from '#live/source.ts'
import { neverMasked } from '#rights/masking.ts'
import { localRider } from '#rights/viewer.ts'
import { createGraphQL, type GraphQL } from '#server/graphql.ts'
import type { Identify } from '#server/identify.ts'
import type { Policy } from '#server/limits/policy.ts'
import { type Listening, listen, type ServerOptions } from '#server/server.ts'

/** What is asked of these rides waits, is refused, or meets a fault; of all others it is done. */
export const waiting = randomUUID()
export const refused = randomUUID()
export const faulty = randomUUID()
export const ridden = '6f1c2a34-5b6d-4e7f-8a90-b1c2d3e4f506'

const viewer = { ...localRider, riderId: randomUUID() }
export const somebody: Identify = () => ({ outcome: 'known', viewer })

export interface Stage {
  /** What was written to the log. */
  readonly faults: string[]
  /** Lets go what waits now; another function with each that waits. */
  release(): () => void
  createGraphQL(policy?: Policy): GraphQL
  listen(graphql: GraphQL, identify?: Identify): Promise<Listening>
}

export function openStage(): Stage {
  const faults: string[] = []
  let release: () => void = () => undefined
  const commands = {
    async handle({ streamId }: { readonly streamId: string }) {
      if (streamId === refused)
        return { outcome: 'refused', refusal: { code: 'RIDE_NOT_ACTIVE', status: 'PAUSED' } }
      if (streamId === faulty) throw new Error('A secret of the house')
      if (streamId === waiting) {
        await new Promise<void>((resolve) => {
          release = resolve
        })
      }
      return { outcome: 'accepted', version: 2, position: 1 }
    },
  }
  const log = { hash: () => Buffer.alloc(0), partitionOf: () => 0, incarnation: randomUUID() }
  const arrivals = { arrived: async () => false }
  const away = () => {
    throw new DatabaseUnavailable('The database is away')
  }
  const serving = { read: () => ({ selectFrom: away }) }
  const liveRides = {
    open: () =>
      sourceOf('nothing', (sink) => {
        let isGiven = false
        const resume = () => {
          if (!isGiven) isGiven = sink.take({ snapshot: true, rides: [], removed: [] }, 1, 'all')
        }
        return { resume, forget: () => undefined, stop: () => undefined }
      }),
  }
  const readRights = async (rideId: string) =>
    neverMasked({ rideId, riderId: viewer.riderId, visibility: 'PUBLIC', shares: [], version: 1 })
  const rooms: object = {
    readRights,
    commands,
    log,
    arrivals,
    serving,
    liveRides,
    now: Date.now,
    newId: randomUUID,
  }
  const onFault = (what: string) => void faults.push(what)
  return {
    faults,
    release: () => release,
    createGraphQL: (policy) => createGraphQL(rooms as Rooms, onFault, policy),
    listen(graphql, identify = somebody) {
      const api = { graphql, identify } as NonNullable<ServerOptions['api']>
      return listen(
        { host: '127.0.0.1', port: 0 },
        { api, readiness: async () => ({ isReady: true, sentence: 'ready' }), onFault },
      )
    },
  }
}

export const upload = `mutation Upload($input: RecordPositionsInput!) {
  recordPositions(input: $input) {
    __typename
    ... on RecordPositionsPayload { rideId version accepted }
    ... on Error { code message }
  }
}`

/** The variables of an upload. */
export const of = (rideId: string) => ({
  input: { rideId, positions: [{ at: '2026-05-31T08:00:00Z', latitude: 46.1, longitude: 14.5 }] },
})

/** Nothing is looked up. */
export const harmless = '{ ride: __typename }'
/** Refused to the client, with a code. */
export const outdated = '{ rides(after: "nonsense") { totalCount } }'
/** It would be looked up, and the database is away. */
export const lookedUp = '{ rides(first: 1) { nodes { id } } }'
/** Refused with more than a code. */
export const notYet = {
  query: 'query ($id: ID!) { ride(id: $id, minVersion: 7) { id } }',
  variables: { id: ridden },
}
