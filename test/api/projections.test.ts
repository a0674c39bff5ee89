import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Projection } from '#projections/projection.ts'
import { rides } from '#projections/rides.ts'
import { routes } from '#projections/routes.ts'
import { type OpenedRides, openRides, rideOut } from '../projections/open-rides.ts'
import { freshDatabase, needsPostgres } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { type Product, startProduct, withSignIn } from '../support/product.ts'
import { startProxy } from '../support/proxy.ts'
import { asRider } from '../support/riders.ts'
import { type ApiClient, connect } from './client.ts'

const inputTypes = {
  retryParkedRide: 'ParkedRideInput',
  skipParkedRide: 'SkipParkedRideInput',
  rebuildProjection: 'ProjectionInput',
  cancelRebuild: 'ProjectionInput',
}
type Mutation = keyof typeof inputTypes

const outcomes =
  'rideId outcomes { projection projectionVersion isParked events rideVersion error { summary } }'
const payloads: Record<Mutation, string> = {
  retryParkedRide: outcomes,
  skipParkedRide: outcomes,
  rebuildProjection: 'name version isNew',
  cancelRebuild: 'name version',
}

const documentOf = (name: Mutation) => `mutation ($input: ${inputTypes[name]}!) { ${name}(input: $input) {
  __typename
  ... on ${name[0]!.toUpperCase()}${name.slice(1)}Payload { ${payloads[name]} }
  ... on Error { code message }
  ... on InvalidInputError { path }
} }`

const queries = {
  projections:
    '{ projections { name version state since parkedRides partitions { partition position head behind } } }',
  parkedRides:
    '{ parkedRides { rideId projection projectionVersion rideVersion eventType attempts parkedAt error { summary where } } }',
}

/** Parked by a projection that could not take them; the product's can. */
async function park(opened: OpenedRides, rideIds: readonly ReturnType<typeof randomUUID>[]): Promise<void> {
  const faulty: Projection = {
    ...rides,
    async apply(transaction, version, events) {
      await rides.apply(transaction, version, events)
      if (events.some(({ type }) => type === 'RideResumed')) throw new Error('It cannot be taken')
    },
  }
  for (const rideId of rideIds) await rideOut(opened, rideId)
  const worker = opened.worker({
    projections: [faulty, routes(opened.log, { committed: () => undefined })],
  })
  await eventually('the rides to be parked', () => worker.parked.length === rideIds.length)
  await worker.stop()
}

describe('an administrator', () => {
  let opened: OpenedRides
  let product: Product
  let client: ApiClient
  const parked = { retried: randomUUID(), skipped: randomUUID() }
  beforeAll(async () => {
    opened = await openRides()
    await park(opened, Object.values(parked))
    product = await startProduct({ env: { DATABASE_URL: opened.url } })
    client = connect(product.url)
  })
  afterAll(async () => {
    await client?.[Symbol.asyncDispose]()
    await product?.[Symbol.asyncDispose]()
    await opened?.[Symbol.asyncDispose]()
  })

  async function mutate(name: Mutation, input: Record<string, string>) {
    const { data, errors } = await client.ask(documentOf(name), { input })
    if (errors !== undefined) throw new Error(JSON.stringify(errors))
    return data?.[name] ?? {}
  }

  async function ask<Row>(name: keyof typeof queries): Promise<readonly Row[]> {
    const { data, errors } = await client.ask(queries[name])
    if (errors !== undefined) throw new Error(JSON.stringify(errors))
    return data?.[name] as unknown as readonly Row[]
  }

  test('sees which rides are parked, why, and how far each projection is', async () => {
    const rows = await ask<Record<string, unknown>>('parkedRides')
    expect(rows.map(({ rideId }) => rideId).sort()).toEqual(Object.values(parked).sort())
    expect(rows[0]).toMatchObject({
      projection: 'rides',
      projectionVersion: 1,
      rideVersion: 5,
      eventType: 'RideResumed',
      attempts: 3,
      error: { summary: 'Error: It cannot be taken' },
    })
    await eventually('the product to be at the end', async () => {
      const [first, second] = await ask('projections')
      expect(first).toMatchObject({
        name: 'rides',
        version: 1,
        state: 'SERVING',
        parkedRides: 2,
        partitions: [{ partition: 0, behind: 0 }],
      })
      expect(second).toMatchObject({ name: 'routes', parkedRides: 0 })
      return true
    })
  })

  test('retries a ride, and skips the event of another', async () => {
    expect(await mutate('retryParkedRide', { rideId: parked.retried })).toMatchObject({
      rideId: parked.retried,
      outcomes: [{ projection: 'rides', projectionVersion: 1, isParked: false, error: null }],
    })
    expect(await mutate('skipParkedRide', { rideId: parked.skipped })).toMatchObject({
      outcomes: [{ isParked: false, rideVersion: null }],
    })
    expect(await ask('parkedRides')).toEqual([])
    await eventually('both rides to be FINISHED', async () => {
      const { data } = await client.ask('{ rides { nodes { status } } }')
      expect(data?.['rides']).toEqual({ nodes: [{ status: 'FINISHED' }, { status: 'FINISHED' }] })
      return true
    })
  })

  test('has a projection rebuilt by the workers, and served when it is whole', async () => {
    expect(await mutate('rebuildProjection', { name: 'rides' })).toEqual({
      __typename: 'RebuildProjectionPayload',
      name: 'rides',
      version: 2,
      isNew: true,
    })
    await eventually('version 2 to be served', async () => {
      const versions = await ask<{ name: string; version: number; state: string }>('projections')
      return versions.some(
        ({ name, version, state }) => name === 'rides' && version === 2 && state === 'SERVING',
      )
    })
    expect(await mutate('cancelRebuild', { name: 'rides' })).toMatchObject({ name: 'rides', version: null })
  })

  test('is told what is wrong with what he asks', async () => {
    expect(await mutate('retryParkedRide', { rideId: randomUUID() })).toMatchObject({
      __typename: 'RideNotFoundError',
      code: 'RIDE_NOT_FOUND',
    })
    expect(await mutate('skipParkedRide', { rideId: 'mine' })).toMatchObject({
      code: 'INVALID_INPUT',
      path: ['rideId'],
    })
    for (const name of ['rebuildProjection', 'cancelRebuild'] as const) {
      expect(await mutate(name, { name: 'climbs' })).toMatchObject({
        code: 'INVALID_INPUT',
        path: ['name'],
        message: 'There is no such projection. There are: rides, routes.',
      })
    }
    const { errors } = await client.ask('{ parkedRides(first: 0) { rideId } }')
    expect(errors?.[0]).toMatchObject({ extensions: { code: 'INVALID_INPUT' } })
  })
})

test("others' parked rides go by their names in the log, by which they are found, retried and skipped", async () => {
  await using opened = await openRides()
  const ids = [randomUUID(), randomUUID()]
  await park(opened, ids)
  await using product = await startProduct({ env: { ...withSignIn, DATABASE_URL: opened.url } })
  const { authorization } = await asRider(product, 'An administrator', ['rides:read', 'admin'])
  await using client = connect(product.url, { authorization })
  const answers: unknown[] = []
  const ask = async (document: string, variables: Record<string, unknown> = {}) => {
    const answer = await client.ask(document, variables)
    answers.push(answer)
    return answer.data
  }
  const rows = (await ask(queries.parkedRides))?.['parkedRides'] as unknown as { rideId: string }[]
  const [retried = '', skipped = ''] = rows.map(({ rideId }) => rideId)
  expect(new Set([retried, skipped]).size).toBe(2)
  for (const name of [retried, skipped]) {
    const found = await ask('query ($name: ID!) { logStream(name: $name) { name isOwn } }', { name })
    expect(found).toEqual({ logStream: { name, isOwn: false } })
  }
  for (const [mutation, rideId] of [
    ['retryParkedRide', retried],
    ['skipParkedRide', skipped],
  ] as const) {
    const done = await ask(documentOf(mutation), { input: { rideId } })
    expect(done?.[mutation]).toMatchObject({ rideId, outcomes: [{ isParked: false }] })
  }
  expect(await ask(queries.parkedRides)).toEqual({ parkedRides: [] })
  for (const id of ids) expect(JSON.stringify(answers)).not.toContain(id)
})

test('where people sign in, only who brings the scope is an administrator, at whatever address', async () => {
  // Another way to write 127.0.0.1, which the server does not take for its own machine.
  await using database = await freshDatabase()
  const env = { ...withSignIn, DATABASE_URL: database.url, HOST: '127.1' }
  await using product = await startProduct({ env, role: 'api' })
  const rider = await asRider(product, 'A rider')
  for (const credentials of [{}, { authorization: rider.authorization }]) {
    await using client = connect(product.url, credentials)
    for (const query of Object.values(queries)) {
      const { data, errors } = await client.ask(query)
      expect(data ?? null).toBeNull()
      expect(errors?.[0]).toMatchObject({ extensions: { code: 'FORBIDDEN' } })
    }
    for (const name of Object.keys(inputTypes) as Mutation[]) {
      const input = inputTypes[name] !== 'ProjectionInput' ? { rideId: 'anything' } : { name: 'routes' }
      const { data } = await client.ask(documentOf(name), { input })
      expect(data?.[name]).toMatchObject({ __typename: 'ForbiddenError', code: 'FORBIDDEN' })
    }
  }
  const { authorization } = await asRider(product, 'An administrator', ['admin'])
  await using administrator = connect(product.url, { authorization })
  for (const query of Object.values(queries)) {
    expect(await administrator.ask(query)).not.toHaveProperty('errors')
  }
})

test('while the database is away an administrator is told at once to send it again', async (context) => {
  needsPostgres(context)
  await using database = await freshDatabase()
  const url = new URL(database.url)
  await using proxy = await startProxy({ target: Number(url.port || 5432), random: Math.random })
  url.port = String(proxy.port)
  await using product = await startProduct({ env: { DATABASE_URL: url.href }, role: 'api' })
  await using client = connect(product.url)
  proxy.refuse()
  proxy.cut()
  await eventually('the product to notice', async () => (await fetch(`${product.url}/readyz`)).status === 503)
  for (const name of Object.keys(inputTypes) as Mutation[]) {
    const input = inputTypes[name] !== 'ProjectionInput' ? { rideId: randomUUID() } : { name: 'routes' }
    const { data } = await client.ask(documentOf(name), { input })
    expect(data?.[name]).toMatchObject({ __typename: 'OverloadedError', code: 'OVERLOADED' })
  }
  const { errors } = await client.ask(queries.projections)
  expect(errors?.[0]).toMatchObject({ extensions: { code: 'OVERLOADED' } })
})
