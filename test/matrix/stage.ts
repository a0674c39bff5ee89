/** A product with people and rides of each kind, for the matrix. */
import { randomUUID } from 'node:crypto'
import type { Visibility } from '#ride/events.ts'
import { connect } from '../api/client.ts'
import { openRoads, type Roads } from '../hostile/roads.ts'
import { eventually } from '../support/eventually.ts'
import { type Product, startProduct, withSignIn } from '../support/product.ts'
import { type AsRider, asRider, revokeDirectly } from '../support/riders.ts'

export interface Viewer {
  readonly name: string
  /** What comes with each request. */
  readonly headers: Readonly<Record<string, string>>
  /** As whom he reads: the rides' rider, anybody else, or nobody, for what he brings is no good. */
  readonly reads: 'as their rider' | 'as anybody' | 'refused'
  /** What he is told who asks to change somebody's ride. */
  readonly writes: 'done' | 'RIDE_NOT_FOUND' | 'UNAUTHENTICATED' | 'FORBIDDEN' | 'refused'
  readonly administers: boolean
  /** The name of the ride that he has a link to which holds. */
  readonly linkTo?: string | undefined
  readonly roads: Roads
}

export interface MatrixRide {
  readonly name: string
  readonly id: string
  readonly visibility: Visibility
  readonly status: 'ACTIVE' | 'FINISHED'
  /** Texts that stand in answers about this ride, and in no others. */
  readonly marks: readonly string[]
}

export interface Stage {
  readonly product: Product
  readonly owner: AsRider
  readonly viewers: readonly Viewer[]
  readonly rides: readonly MatrixRide[]
  /** The rides' rider's own. */
  readonly webhookId: string
  viewer(name: ViewerName): Viewer
}

/** As whom each reads, and what he is told who asks to change somebody's ride. */
const kinds = {
  rider: ['as their rider', 'done'],
  'rider, a key that only reads': ['as their rider', 'FORBIDDEN'],
  'rider, a key that only writes': ['as anybody', 'done'],
  'rider, a revoked key': ['refused', 'refused'],
  'rider, an expired key': ['refused', 'refused'],
  stranger: ['as anybody', 'RIDE_NOT_FOUND'],
  administrator: ['as anybody', 'RIDE_NOT_FOUND'],
  anonymous: ['as anybody', 'UNAUTHENTICATED'],
  'a link to PRIVATE ACTIVE': ['as anybody', 'UNAUTHENTICATED'],
  'a link to PRIVATE FINISHED': ['as anybody', 'UNAUTHENTICATED'],
  'a link that has expired': ['as anybody', 'UNAUTHENTICATED'],
  'a link that was taken back': ['as anybody', 'UNAUTHENTICATED'],
} as const satisfies Record<string, readonly [Viewer['reads'], Viewer['writes']]>

export type ViewerName = keyof typeof kinds
export const viewerNames = Object.keys(kinds) as readonly ViewerName[]

export function readsAndWrites(name: ViewerName): Pick<Viewer, 'reads' | 'writes'> {
  const [reads, writes] = kinds[name]
  return { reads, writes }
}

const visibilities = ['PRIVATE', 'UNLISTED', 'PUBLIC'] as const
const statuses = ['ACTIVE', 'FINISHED'] as const
export const rideNames = visibilities.flatMap((visibility) =>
  statuses.map((status) => `${visibility} ${status}`),
)

/** To whom the ride is shown who comes with its id. */
export function isShown(viewer: Viewer, ride: MatrixRide): boolean {
  if (viewer.reads === 'refused') return false
  return viewer.reads === 'as their rider' || ride.visibility !== 'PRIVATE' || viewer.linkTo === ride.name
}

/** Who comes upon it in lists and on the live map. */
export function isListed(viewer: Viewer, ride: MatrixRide): boolean {
  if (viewer.reads === 'refused') return false
  return viewer.reads === 'as their rider' || ride.visibility === 'PUBLIC'
}

const startedAt = Date.UTC(2026, 4, 31, 8)
const at = (second: number) => new Date(startedAt + second * 1000).toISOString()
export const markedUrl = 'https://receiver.example/marked'

/** With which a product is started of which everything is asked: what that costs is no matter here. */
export const unlimited = {
  ...withSignIn,
  LIMIT_COST: 'off',
  LIMIT_COST_PER_MINUTE: 'off',
  LIMIT_ANONYMOUS_REQUESTS_PER_MINUTE: 'off',
} as const

/** Everything ends with the product. */
export async function openStage(databaseUrl: string): Promise<Stage> {
  const env = { ...unlimited, DATABASE_URL: databaseUrl }
  const product = await startProduct({ env })
  const owner = await asRider(product, 'Olga Owner')
  const [reading, writing, revoked, expired, stranger, admin] = await Promise.all([
    asRider(product, 'Olga Owner', ['rides:read']),
    asRider(product, 'Olga Owner', ['rides:write']),
    asRider(product, 'Olga Owner'),
    asRider(product, 'Olga Owner', ['rides:read', 'rides:write'], { expiresAt: new Date(Date.now() - 1) }),
    asRider(product, 'Sven Stranger'),
    asRider(product, 'Ada Admin', ['rides:read', 'rides:write', 'admin']),
  ])
  await revokeDirectly(product, revoked.keyId)
  const keys: Partial<Record<ViewerName, AsRider>> = {
    rider: owner,
    'rider, a key that only reads': reading,
    'rider, a key that only writes': writing,
    'rider, a revoked key': revoked,
    'rider, an expired key': expired,
    stranger,
    administrator: admin,
  }
  await using client = connect(product.url, { authorization: owner.authorization })
  const rides: MatrixRide[] = []
  for (const visibility of visibilities) {
    for (const status of statuses) rides.push(await ride(visibility, status, rides.length))
  }
  const created = await client.ask(
    `mutation { createWebhook(input: { url: "${markedUrl}", events: [RIDE_FINISHED] }) { ... on CreateWebhookPayload { webhook { id } } } }`,
  )
  const webhook = created.data?.['createWebhook']?.['webhook'] as { id: string } | undefined
  if (webhook === undefined) throw new Error(`No webhook was made: ${JSON.stringify(created)}`)

  const [active, finished] = ['PRIVATE ACTIVE', 'PRIVATE FINISHED'].map(
    (name) => rides.find((ride) => ride.name === name)!.id,
  ) as [string, string]
  const takenBack = await linkTo(finished)
  const expiring = await linkTo(finished, new Date(Date.now() + 500))
  const links: Partial<Record<ViewerName, string>> = {
    'a link to PRIVATE ACTIVE': (await linkTo(active)).token,
    'a link to PRIVATE FINISHED': (await linkTo(finished)).token,
    'a link that has expired': expiring.token,
    'a link that was taken back': takenBack.token,
  }
  await client.ask(
    'mutation ($input: UnshareRideInput!) { unshareRide(input: $input) { ... on UnshareRidePayload { ride { version } } } }',
    { input: { rideId: finished, shareId: takenBack.id } },
  )
  await eventually('the link to have expired', async () => {
    const headers = { 'content-type': 'application/json', 'ride-share': expiring.token }
    const body = JSON.stringify({ query: `{ ride(id: "${finished}") { title } }` })
    const response = await fetch(`${product.url}/graphql`, { method: 'POST', headers, body })
    return (await response.text()).includes('"ride":null')
  })
  const viewers: Viewer[] = viewerNames.map((name) => {
    const key = keys[name]
    const link = links[name]
    const headers = {
      ...(key !== undefined && { authorization: key.authorization }),
      ...(link !== undefined && { 'ride-share': link }),
    }
    return {
      ...{ name, headers, ...readsAndWrites(name) },
      administers: key !== undefined && key === admin,
      linkTo: /^a link to (.*)/.exec(name)?.[1],
      roads: openRoads(product.url, headers),
    }
  })

  async function linkTo(rideId: string, expiresAt?: Date): Promise<{ token: string; id: string }> {
    const made = await client.ask(
      'mutation ($input: ShareRideInput!) { shareRide(input: $input) { ... on ShareRidePayload { token share { id } } } }',
      { input: { rideId, expiresAt: expiresAt?.toISOString() ?? null } },
    )
    const { token, share } = (made.data?.['shareRide'] ?? {}) as { token?: string; share?: { id: string } }
    if (token === undefined || share === undefined)
      throw new Error(`No link was made: ${JSON.stringify(made)}`)
    return { token, id: share.id }
  }

  async function ride(
    visibility: Visibility,
    status: 'ACTIVE' | 'FINISHED',
    index: number,
  ): Promise<MatrixRide> {
    const id = randomUUID()
    const [title, description] = [`Ridden ${randomUUID()}`, `Told ${randomUUID()}`]
    // Each on a latitude of its own.
    const south = 46.3174 + index / 10
    const positions = Array.from({ length: 60 }, (_, second) => ({
      at: at(second),
      latitude: south + second * 5e-5,
      longitude: 14.5,
      altitude: 300 + second,
      heartRate: 120 + (second % 7),
      cadence: 80,
      power: 200,
    }))
    await client.mutate('startRide', { rideId: id, startedAt: at(0), title, visibility })
    await client.mutate('editRide', { rideId: id, description })
    await client.mutate('recordPositions', { rideId: id, positions })
    if (status === 'FINISHED') await client.mutate('endRide', { rideId: id, at: at(60) })
    await eventually(`the ride to be ${status}`, async () => {
      const { data } = await client.ask(
        'query ($id: ID!) { ride(id: $id) { status latestPosition { at } } }',
        { id },
      )
      return data?.['ride']?.['status'] === status && data['ride']['latestPosition'] !== null
    })
    return {
      name: `${visibility} ${status}`,
      id,
      visibility,
      status,
      marks: [title, description, south.toFixed(3)],
    }
  }

  return {
    ...{ product, owner, viewers, rides, webhookId: webhook.id },
    viewer: (name) => viewers.find((viewer) => viewer.name === name)!,
  }
}
