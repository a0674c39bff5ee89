/** Who is known, and a ride's recorded history. */
import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { localRiderId as riderId } from '#rights/viewer.ts'
import { at, position, startRide } from './client.ts'
import { serve } from './serve.ts'

const served = serve()

// First of all: nothing is ridden yet.
test('a rider is known to himself, and nobody of whom there is nothing to see', async () => {
  const { client } = served
  const { data } = await client.ask(
    `{ rider(id: "${riderId}") { name totals(period: MONTH) { rides } records { longest { id } fastest { time } } }
       none: rider(id: "${randomUUID()}") { name } }`,
  )
  expect(data).toEqual({
    rider: { name: 'Local rider', totals: [], records: { longest: null, fastest: [] } },
    none: null,
  })
  const nonsense = await client.ask('{ rider(id: "me") { name } }')
  expect(nonsense.errors?.[0]).toMatchObject({ extensions: { code: 'INVALID_INPUT' } })
  const { errors } = await client.ask(`{ viewer { totals(period: WEEK, from: "2026-02-30") { rides } } }`)
  expect(errors?.[0]).toMatchObject({ extensions: { code: 'INVALID_INPUT' } })
  const days = await client.ask('{ rides(filter: { firstDay: "31 May" }) { totalCount } }')
  expect(days.errors?.[0]).toMatchObject({ extensions: { code: 'INVALID_INPUT' } })
})

test("a ride's history is read as it was recorded, page by page", async () => {
  const { client } = served
  const rideId = await startRide(client)
  await client.mutate('recordPositions', { rideId, positions: [position(1), position(2)] })
  await client.mutate('pauseRide', { rideId, at: at(3) })
  const page = async (args: string) => {
    const { data, errors } = await client.ask(
      `{ ride(id: "${rideId}", minVersion: 3) { events(${args}) {
        nodes { version type at positions { at } } edges { cursor node { id recordedAt } } pageInfo { hasNextPage endCursor } } } }`,
    )
    return errors?.[0] ?? data?.['ride']?.['events']
  }
  const first = await page('first: 2')
  expect(first).toMatchObject({
    nodes: [
      { version: 1, type: 'STARTED', positions: [] },
      { version: 2, type: 'POSITIONS_RECORDED', positions: [{ at: at(1) }, { at: at(2) }] },
    ],
    pageInfo: { hasNextPage: true },
  })
  const after = Buffer.from('version 2').toString('base64url')
  expect(first).toMatchObject({ pageInfo: { endCursor: after } })
  expect(await page(`after: "${after}"`)).toMatchObject({
    nodes: [{ version: 3, type: 'PAUSED' }],
    pageInfo: { hasNextPage: false },
  })
  expect(await page('first: 101')).toMatchObject({ extensions: { code: 'INVALID_INPUT' } })
  expect(await page('after: "x"')).toMatchObject({ extensions: { code: 'CURSOR_UNKNOWN' } })
})
