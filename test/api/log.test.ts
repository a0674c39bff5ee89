import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type FreshDatabase, freshDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { type Product, startProduct, withSignIn } from '../support/product.ts'
import { type AsRider, asRider } from '../support/riders.ts'
import { type ApiClient, connect } from './client.ts'

const streamFields = 'name isOwn partition version status isDeleted isRedacted position newestType recordedAt'
const contentFields = 'isWithheld data metadata positions { at latitude longitude altitude heartRate }'

const documents = {
  logStreams: `query ($search: String, $first: Int! = 50, $after: String) {
    logStreams(search: $search, first: $first, after: $after) { streams { ${streamFields} } cursor } }`,
  logStream: `query ($name: ID!, $first: Int! = 50, $after: Int, $before: Int) { logStream(name: $name) { ${streamFields}
    events(first: $first, after: $after, before: $before) {
      version position type schemaVersion eventId recordedAt at bytes positionCount content { ${contentFields} } } } }`,
  logEvents: `query ($first: Int! = 50, $before: String, $types: [String!]) {
    logEvents(first: $first, before: $before, types: $types) {
      events { streamName partition position version type schemaVersion recordedAt bytes } cursor } }`,
}
const feed = `subscription ($types: [String!]) { logFeed(types: $types) {
  snapshot notShown events { streamName version type position partition } } }`

interface Stream {
  readonly name: string
  readonly isOwn: boolean
  readonly version: number
  readonly status: string | null
  readonly isDeleted: boolean
  readonly isRedacted: boolean
  readonly newestType: string
  readonly recordedAt: string
  readonly events: readonly StreamEvent[]
}
interface StreamEvent {
  readonly version: number
  readonly position: number
  readonly type: string
  readonly eventId: string
  readonly at: string | null
  readonly bytes: number
  readonly positionCount: number | null
  readonly content: {
    readonly isWithheld: boolean
    readonly data: Record<string, unknown> | null
    readonly metadata: Record<string, unknown> | null
    readonly positions: readonly { readonly at: string; readonly latitude: number }[]
  }
}
interface StreamPage {
  readonly streams: readonly Stream[]
  readonly cursor: string | null
}
interface LogEvent {
  readonly streamName: string
  readonly type: string
  readonly version: number
  readonly position: number
  readonly partition: number
  readonly bytes: number
}

const minute = (count: number) => new Date(Date.UTC(2026, 4, 31, 8, count)).toISOString()
const positionsOf = (from: number, count: number) =>
  Array.from({ length: count }, (_, index) => ({
    at: new Date(Date.parse(minute(from)) + index * 1_000).toISOString(),
    latitude: (460_500 + index) / 1e4,
    longitude: 14.5,
    altitude: 300,
    heartRate: 140,
  }))

async function ride(client: ApiClient, id: string, uploads = 1): Promise<void> {
  await client.mutate('startRide', { rideId: id, startedAt: minute(0), title: `Ridden ${id}` })
  for (let upload = 0; upload < uploads; upload++) {
    await client.mutate('recordPositions', { rideId: id, positions: positionsOf(upload, 5) })
  }
}

async function asked<Answer>(
  client: ApiClient,
  field: keyof typeof documents,
  variables: Record<string, unknown> = {},
): Promise<Answer> {
  const { data, errors } = await client.ask(documents[field], variables)
  if (errors !== undefined) throw new Error(errors.map((each) => each.extensions?.code).join())
  return data?.[field] as Answer
}

describe('the log, to an administrator who rides', () => {
  let database: FreshDatabase
  let product: Product
  let ana: ApiClient
  let ben: ApiClient
  let admin: AsRider
  const [own, of, other, deleted] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()]
  beforeAll(async () => {
    database = await freshDatabase()
    product = await startProduct({ env: { ...withSignIn, DATABASE_URL: database.url, LOG_PARTITIONS: '3' } })
    admin = await asRider(product, 'Ana', ['rides:read', 'rides:write', 'admin'])
    ana = connect(product.url, { authorization: admin.authorization })
    ben = connect(product.url, { authorization: (await asRider(product, 'Ben')).authorization })
    await ride(ben, of, 2)
    await ride(ben, other)
    await ride(ana, deleted)
    await ana.mutate('deleteRide', { rideId: deleted })
    await ride(ana, own, 3)
    await ana.mutate('endRide', { rideId: own, at: minute(5) })
    await eventually('the ride to be finished, and the deleted one redacted', async () => {
      const [finished, gone] = await Promise.all(
        [own, deleted].map((name) => asked<Stream>(ana, 'logStream', { name })),
      )
      return finished?.status === 'FINISHED' && gone?.isRedacted === true
    })
  })
  afterAll(async () => {
    for (const client of [ana, ben]) await client?.[Symbol.asyncDispose]()
    await product?.[Symbol.asyncDispose]()
    await database?.[Symbol.asyncDispose]()
  })

  test('shows his own ride as it was recorded', async () => {
    const stream = await asked<Stream>(ana, 'logStream', { name: own })
    expect(stream).toMatchObject({ name: own, isOwn: true, version: 6, newestType: 'RideFinished' })
    expect(stream.events.map(({ type }) => type)).toEqual([
      ...['RideStarted', 'RidePositionsRecorded', 'RidePositionsRecorded', 'RidePositionsRecorded'],
      ...['RideEnded', 'RideFinished'],
    ])
    const [started, uploaded] = stream.events
    expect(started).toMatchObject({ version: 1, eventId: own, at: minute(0), positionCount: null })
    expect(started?.content).toMatchObject({
      isWithheld: false,
      data: { title: `Ridden ${own}`, riderId: admin.riderId },
      metadata: { actor: admin.riderId },
    })
    expect(uploaded).toMatchObject({ positionCount: 5, at: positionsOf(0, 5)[4]?.at })
    expect(uploaded?.content.positions).toMatchObject(positionsOf(0, 5))
    expect(uploaded?.bytes).toBe(JSON.stringify(uploaded?.content.data).length)
  })

  test("shows that somebody else's ride happened, and withholds what it says", async () => {
    const stream = await asked<Stream>(ana, 'logStream', { name: of })
    expect(stream).toMatchObject({ isOwn: false, version: 3, status: 'ACTIVE' })
    const [started, uploaded] = stream.events
    expect(started?.content).toEqual({
      isWithheld: true,
      data: expect.objectContaining({ at: expect.any(Number), title: 'withheld', riderId: 'withheld' }),
      metadata: expect.objectContaining({ actor: 'withheld' }),
      positions: [],
    })
    expect(uploaded).toMatchObject({
      positionCount: 5,
      content: { data: { positions: { count: 5, content: 'withheld' } }, positions: [] },
    })
    // With its id anybody sees a ride that is unlisted, or becomes so.
    expect(JSON.stringify(stream)).not.toContain(of)
    expect(started?.eventId).toBe(stream.name)
    expect(await asked<Stream>(ana, 'logStream', { name: stream.name })).toEqual(stream)
  })

  test('shows of a deleted ride that it was there', async () => {
    const stream = await asked<Stream>(ana, 'logStream', { name: deleted })
    expect(stream).toMatchObject({
      name: deleted,
      isDeleted: true,
      isRedacted: true,
      status: null,
      version: 3,
    })
    expect(stream.events[1]).toMatchObject({
      at: null,
      positionCount: null,
      content: { data: null, metadata: null },
    })
  })

  test('pages through the events of a stream in both directions, and from any version', async () => {
    const versions = async (variables: object) =>
      (await asked<Stream>(ana, 'logStream', { name: own, ...variables })).events.map(
        ({ version }) => version,
      )
    expect(await versions({ first: 2 })).toEqual([1, 2])
    expect(await versions({ first: 3, after: 2 })).toEqual([3, 4, 5])
    expect(await versions({ first: 2, before: 5 })).toEqual([4, 3])
    expect(await versions({ first: 10, after: 6 })).toEqual([])
    expect(await versions({ first: 10, after: -5, before: null })).toHaveLength(6)
    await expect(versions({ first: 0 })).rejects.toThrow('INVALID_INPUT')
    await expect(versions({ first: 101 })).rejects.toThrow('INVALID_INPUT')
  })

  test('lists streams by when they last moved, page by page, over all partitions', async () => {
    const whole = await asked<StreamPage>(ana, 'logStreams')
    expect(whole.cursor).toBeNull()
    expect(whole.streams.map(({ version, isOwn }) => [version, isOwn])).toEqual([
      ...[
        [6, true],
        [3, false],
        [2, false],
        [3, false],
      ],
    ])
    const paged: Stream[] = []
    let after: string | null = null
    do {
      const page: StreamPage = await asked<StreamPage>(ana, 'logStreams', { first: 1, after })
      paged.push(...page.streams)
      after = page.cursor
    } while (after !== null)
    expect(paged).toEqual(whole.streams)
  })

  test('finds a stream by its id, of his own and of deleted ones by its beginning', async () => {
    const found = async (search: string) =>
      (await asked<StreamPage>(ana, 'logStreams', { search })).streams.map(({ name }) => name)
    expect(await found(own)).toEqual([own])
    expect(await found(own.toUpperCase())).toEqual([own])
    expect(await found(own.slice(0, 6))).toEqual([own])
    expect(await found(deleted.slice(0, 13))).toEqual([deleted])
    expect(await found(of)).toHaveLength(1)
    // Else an id could be guessed, character by character.
    for (let length = 4; length < of.length; length++) expect(await found(of.slice(0, length))).toEqual([])
    expect(await found(randomUUID())).toEqual([])
    for (const wrong of ['abc', 'Ridden to work', 'xyzxyz', '-----']) {
      await expect(found(wrong)).rejects.toThrow('INVALID_INPUT')
    }
  })

  test('lists the newest events of all streams, page by page', async () => {
    const { events } = await asked<{ events: LogEvent[] }>(ana, 'logEvents')
    expect(events).toHaveLength(14)
    expect(events[0]).toMatchObject({ streamName: own, type: 'RideFinished', version: 6 })
    const paged: LogEvent[] = []
    let before: string | null = null
    do {
      const page: { events: LogEvent[]; cursor: string | null } = await asked(ana, 'logEvents', {
        ...{ first: 3, before },
      })
      expect(page.events.length).toBeGreaterThan(0)
      paged.push(...page.events)
      before = page.cursor
    } while (before !== null)
    expect(paged).toEqual(events)
    const ends = await asked<{ events: LogEvent[] }>(ana, 'logEvents', {
      types: ['RideEnded', 'RideDeleted'],
    })
    expect(ends.events.map(({ type }) => type)).toEqual(['RideEnded', 'RideDeleted'])
  })

  test('a cursor of another log is told apart', async () => {
    const before = Buffer.from('00000000.1.1.1').toString('base64url')
    await expect(asked(ana, 'logEvents', { before })).rejects.toThrow('CURSOR_UNKNOWN')
    await expect(asked(ana, 'logStreams', { after: 'no cursor' })).rejects.toThrow('CURSOR_UNKNOWN')
  })

  test.each([
    [['Ride\u0000Ended']],
    [['\ud800']],
    [['']],
    [['R'.repeat(101)]],
    [Array.from({ length: 21 }, () => 'RideEnded')],
  ])('what can be no types is refused: %j', async (types) => {
    await expect(asked(ana, 'logEvents', { types })).rejects.toThrow('INVALID_INPUT')
    const { value } = await ana.subscribe(feed, { types }).next()
    expect(value.errors?.[0]?.extensions?.code).toBe('INVALID_INPUT')
  })

  test('tells of events as they come, without the ids of others', async () => {
    const updates = ana.subscribe(feed, { types: ['RidePaused'] })
    const update = async () => {
      const { value } = await updates.next()
      return value.data.logFeed as { snapshot: boolean; events: LogEvent[]; notShown: number }
    }
    expect(await update()).toEqual({ snapshot: true, events: [], notShown: 0 })
    const came = update()
    await ben.ask(
      'mutation ($input: RideCommandInput!) { pauseRide(input: $input) { ... on PauseRidePayload { version } } }',
      { input: { rideId: other } },
    )
    const { events, notShown } = await came
    expect([events.length, notShown, events[0]?.type, events[0]?.version]).toEqual([1, 0, 'RidePaused', 3])
    expect(events[0]?.streamName).not.toBe(other)
    expect((await asked<Stream>(ana, 'logStream', { name: events[0]!.streamName })).status).toBe('PAUSED')
    await updates.return?.()
  })

  test('is for administrators, and they are told that they are', async () => {
    expect((await ana.ask('{ isAdministrator }')).data).toEqual({ isAdministrator: true })
    expect((await ben.ask('{ isAdministrator }')).data).toEqual({ isAdministrator: false })
    for (const field of Object.keys(documents) as (keyof typeof documents)[]) {
      await expect(asked(ben, field, { name: of })).rejects.toThrow('FORBIDDEN')
    }
    const { value } = await ben.subscribe(feed).next()
    expect(value.errors?.[0]?.extensions?.code).toBe('FORBIDDEN')
  })

  test('is not shown to a key without that scope, of an administrator either', async () => {
    const { authorization } = await asRider(product, 'Ana', ['rides:read', 'rides:write'])
    await using reading = connect(product.url, { authorization })
    await expect(asked(reading, 'logStream', { name: own })).rejects.toThrow('FORBIDDEN')
    // And one that may not read shows nothing of what is one's own.
    const blind = await asRider(product, 'Ana', ['admin'])
    await using administering = connect(product.url, { authorization: blind.authorization })
    const stream = await asked<Stream>(administering, 'logStream', { name: own })
    expect([stream.isOwn, stream.events[0]?.content.isWithheld]).toEqual([false, true])
  })
})
