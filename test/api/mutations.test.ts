import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import { type ApiClient, at, position, startedAt, startRide } from './client.ts'
import { serve } from './serve.ts'

const served = serve()
let client: ApiClient
beforeAll(() => {
  client = served.client
})

const read = async (rideId: string, minVersion?: number) => {
  const { data } = await client.ask(
    `query ($id: ID!, $minVersion: Int) { ride(id: $id, minVersion: $minVersion) {
       id version status title description visibility startedAt endedAt finishedAt rider { name }
       latestPosition { at latitude } progress { distance timerTime movingTime speed }
       statistics { distance elapsedTime } route { pointCount polylines boundingBox { west north } geometry } } }`,
    { id: rideId, minVersion },
  )
  return data?.['ride']
}

test('a ride from start to finish, each answer with what is on the read side', async () => {
  const rideId = await startRide(client, { title: '  Morning ride ' })
  const recorded = await client.mutate(
    'recordPositions',
    { rideId, positions: [0, 1, 2].map(position) },
    'accepted ride { version status }',
  )
  expect(recorded).toMatchObject({
    __typename: 'RecordPositionsPayload',
    version: 2,
    accepted: 3,
    ride: { version: 2, status: 'ACTIVE' },
  })
  expect(await client.mutate('pauseRide', { rideId, at: at(10) })).toMatchObject({ version: 3 })
  expect(await client.mutate('recordPositions', { rideId, positions: [position(11)] })).toMatchObject({
    code: 'RIDE_NOT_ACTIVE',
  })
  expect(await client.mutate('resumeRide', { rideId, at: at(20) }, 'ride { status }')).toMatchObject({
    version: 4,
    ride: { status: 'ACTIVE' },
  })
  expect(await client.mutate('endRide', { rideId, at: at(30) })).toMatchObject({ version: 5 })
  const finished = await read(rideId, 6)
  expect(finished).toMatchObject({
    id: rideId,
    version: 6,
    status: 'FINISHED',
    title: 'Morning ride',
    visibility: 'PRIVATE',
    startedAt,
    endedAt: at(30),
    latestPosition: { at: at(2) },
    progress: { timerTime: 20, movingTime: 2, speed: null },
    statistics: { elapsedTime: 30 },
    route: {
      pointCount: 3,
      geometry: { type: 'MultiLineString' },
      boundingBox: { west: -0.12, north: 51.5001 },
    },
  })
  expect(await client.mutate('endRide', { rideId })).toMatchObject({ code: 'INVALID_TRANSITION' })
})

describe('retries', () => {
  test('exactly once: 50 parallel retries of one upload, 50 equal answers, one event', async () => {
    const rideId = await startRide(client)
    const upload = { rideId, uploadId: randomUUID(), positions: [position(1)] }
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => client.mutate('recordPositions', upload, 'accepted')),
    )
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
    expect(answers[0]).toMatchObject({ version: 2, accepted: 1 })
    expect(await read(rideId, 2)).toMatchObject({ version: 2 })
  })

  test('a retried start starts no second ride; another start with its id is ID_TAKEN', async () => {
    const rideId = randomUUID()
    const first = await client.mutate('startRide', { rideId, startedAt, title: 'One' })
    expect(await client.mutate('startRide', { rideId, startedAt, title: 'One' })).toEqual(first)
    expect(await client.mutate('startRide', { rideId, startedAt, title: 'Two' })).toMatchObject({
      code: 'ID_TAKEN',
    })
  })

  test('after the ride has ended an upload and a pause are answered as the first time', async () => {
    const rideId = await startRide(client)
    const upload = { rideId, uploadId: randomUUID(), positions: [position(1)] }
    const pause = { rideId, commandId: randomUUID(), at: at(5) }
    const recorded = await client.mutate('recordPositions', upload, 'accepted')
    const paused = await client.mutate('pauseRide', pause)
    await client.mutate('endRide', { rideId, at: at(6) })
    expect(await client.mutate('recordPositions', upload, 'accepted')).toEqual(recorded)
    expect(await client.mutate('pauseRide', pause)).toEqual(paused)
    expect(await client.mutate('recordPositions', { ...upload, positions: [position(2)] })).toMatchObject({
      code: 'ID_TAKEN',
    })
  })
})

describe('expected versions', () => {
  test('are kept, and their conflict says the actual one', async () => {
    const rideId = await startRide(client)
    expect(
      await client.mutate('recordPositions', { rideId, positions: [position(1)], expectedVersion: 1 }),
    ).toMatchObject({ version: 2 })
    const late = await client.mutate('recordPositions', {
      rideId,
      positions: [position(2)],
      expectedVersion: 1,
    })
    expect(late).toMatchObject({ code: 'VERSION_CONFLICT', actualVersion: 2 })
  })

  test('of a ride that is not there: RIDE_NOT_FOUND', async () => {
    expect(await client.mutate('pauseRide', { rideId: randomUUID(), expectedVersion: 3 })).toMatchObject({
      code: 'RIDE_NOT_FOUND',
    })
  })
})

test('editing is legal in every state; what is left out stays, null clears', async () => {
  const rideId = await startRide(client, { title: 'Before' })
  await client.mutate('editRide', { rideId, description: 'Sunny', visibility: 'PUBLIC' })
  await client.mutate('endRide', { rideId, at: at(1) })
  const edited = await client.mutate(
    'editRide',
    { rideId, title: null },
    'ride { title description visibility }',
  )
  expect(edited['ride']).toEqual({ title: 'Ride', description: 'Sunny', visibility: 'PUBLIC' })
})

describe('bad input is refused with where and what to do, and nothing is written', () => {
  let rideId: string
  beforeAll(async () => {
    rideId = await startRide(client)
  })
  const day = 24 * 3_600_000
  const cases: [string, unknown, readonly string[]][] = [
    ['a latitude over 90', [{ ...position(1), latitude: 90.1 }], ['positions', '0', 'latitude']],
    [
      'a longitude under -180',
      [position(1), { ...position(2), longitude: -180.5 }],
      ['positions', '1', 'longitude'],
    ],
    ['a latitude alone', [{ at: at(1), latitude: 51 }], ['positions', '0', 'longitude']],
    ['a battery of 80', [{ ...position(1), battery: 80 }], ['positions', '0', 'battery']],
    ["a position from before the ride's start", [position(-1)], ['positions', '0', 'at']],
    [
      'a position from the day after tomorrow',
      [{ ...position(1), at: new Date(Date.now() + day + 60_000).toISOString() }],
      ['positions', '0', 'at'],
    ],
    ['0 positions', [], ['positions']],
    ['1,001 positions', Array.from({ length: 1001 }, (_, second) => position(second)), ['positions']],
  ]
  test.each(cases)('%s', async (_, positions, path) => {
    const answer = await client.mutate('recordPositions', { rideId, positions })
    expect(answer).toMatchObject({ __typename: 'InvalidInputError', code: 'INVALID_INPUT', path })
    expect(answer['message']).toMatch(/\.$/)
    expect(await read(rideId, 1)).toMatchObject({ version: 1 })
  })

  test('an unknown ride, and an id that is none', async () => {
    const positions = [position(1)]
    expect(await client.mutate('recordPositions', { rideId: randomUUID(), positions })).toMatchObject({
      code: 'RIDE_NOT_FOUND',
    })
    expect(await client.mutate('recordPositions', { rideId: 'my ride', positions })).toMatchObject({
      code: 'INVALID_INPUT',
      path: ['rideId'],
    })
    expect(await client.mutate('pauseRide', { rideId, commandId: '1' })).toMatchObject({
      path: ['commandId'],
    })
  })

  test('a title of 201 characters, with a NUL, or with half a character', async () => {
    expect(await client.mutate('editRide', { rideId, title: 'bad \ud83d' })).toMatchObject({
      path: ['title'],
    })
    expect(await client.mutate('editRide', { rideId, description: '\udeb2 bad' })).toMatchObject({
      path: ['description'],
    })
    expect(await client.mutate('editRide', { rideId, title: 'x'.repeat(201) })).toMatchObject({
      path: ['title'],
    })
    expect(await client.mutate('editRide', { rideId, title: 'a\0b' })).toMatchObject({ path: ['title'] })
  })

  test('what GraphQL itself refuses says how to write it', async () => {
    const send = (positions: unknown) =>
      client.ask(
        'mutation ($input: RecordPositionsInput!) { recordPositions(input: $input) { __typename } }',
        { input: { rideId, positions } },
      )
    const quoted = await send([{ at: at(1), latitude: '51', longitude: 0 }])
    expect(quoted.errors?.[0]).toMatchObject({
      extensions: { code: 'INVALID_INPUT' },
      message: expect.stringContaining('without quotes'),
    })
    const dated = await send([{ at: 'yesterday' }])
    expect(dated.errors?.[0]?.message).toContain('RFC 3339')
    const february = await send([{ at: '2024-02-30T10:00:00Z' }])
    expect(february.errors?.[0]).toMatchObject({ extensions: { code: 'INVALID_INPUT' } })
    const literal = await client.ask(
      `mutation { recordPositions(input: { rideId: "${rideId}", positions: [{ at: "${at(1)}", latitude: NaN, longitude: 0 }] }) { __typename } }`,
    )
    expect(literal.errors).toBeDefined()
    expect(await read(rideId, 1)).toMatchObject({ version: 1 })
  })
})
