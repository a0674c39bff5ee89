/** What a rider withdraws is withdrawn once that is answered, however far the read side lags behind it. */
import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import { needsPostgres } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { type ApiClient, at, connect, position, startRide } from './client.ts'
import { serveGuests } from './guests.ts'

const served = serveGuests()

const rideDocument = 'query ($id: ID!) { ride(id: $id) { id title } }'
const sees = async (client: ApiClient, id: string) =>
  (await client.ask(rideDocument, { id })).data?.['ride'] != null

async function rideOut(input: Record<string, unknown>): Promise<string> {
  const rideId = await startRide(served.owner, input)
  const positions = [1, 2, 3, 4].map(position)
  await served.owner.mutate('recordPositions', { rideId, uploadId: randomUUID(), positions })
  await served.owner.mutate('endRide', { rideId, at: at(10) })
  await eventually('it to be FINISHED', async () => {
    const query = 'query ($id: ID!) { ride(id: $id) { route { pointCount } } }'
    return (await served.owner.ask(query, { id: rideId })).data?.['ride']?.['route'] != null
  })
  return rideId
}

async function linkTo(rideId: string): Promise<{ token: string; shareId: string }> {
  const shared = await served.owner.mutate('shareRide', { rideId }, 'share { id } token')
  return { token: String(shared['token']), shareId: (shared['share'] as { id: string }).id }
}

/** Nothing is projected any more until it is called. */
async function holdUp(): Promise<() => Promise<void>> {
  const holder = new pg.Client({ connectionString: served.databaseUrl })
  await holder.connect()
  await holder.query('begin')
  await holder.query('select from projection_checkpoint for update')
  const release = () => holder.end()
  onTestFinished(release)
  return release
}

test('rights: what is made private, and whose link is taken back, is shown on no road that waits for a projection', async (context) => {
  needsPostgres(context)
  const { owner, stranger, product, asOwner } = served
  const open = await rideOut({ visibility: 'PUBLIC', title: 'Withdrawn' })
  const linked = await rideOut({ title: 'Given away' })
  const riding = await startRide(owner, { visibility: 'PUBLIC', title: 'Withdrawn' })
  const { token, shareId } = await linkTo(linked)
  await using friend = connect(product.url, { rideShare: token })
  await eventually('all to be seen', async () => {
    const seen = [sees(stranger, open), sees(stranger, riding), sees(friend, linked)]
    return (await Promise.all(seen)).every(Boolean)
  })
  const live = 'subscription { liveRides { rides { rideId } removed } }'
  const watching = stranger.subscribe(live)
  expect((await watching.next()).value.data.liveRides.rides).toEqual([{ rideId: riding }])

  const release = await holdUp()
  await owner.mutate('editRide', { rideId: riding, visibility: 'PRIVATE' })
  expect((await watching.next()).value.data).toEqual({ liveRides: { rides: [], removed: [riding] } })
  await watching.return?.()
  await owner.mutate('editRide', { rideId: open, visibility: 'UNLISTED' })
  expect(await sees(stranger, open)).toBe(true)
  await expectUnlisted()
  await owner.mutate('editRide', { rideId: open, visibility: 'PRIVATE' })
  await owner.mutate('unshareRide', { rideId: linked, shareId })
  await expectWithdrawn()
  // What a process is not told of, for it was not there, it finds.
  await product.restart()
  await expectWithdrawn()
  await release()
  await eventually('its rider to read it', async () => {
    const { data } = await owner.ask('query ($id: ID!) { ride(id: $id) { visibility } }', { id: open })
    return data?.['ride']?.['visibility'] === 'PRIVATE'
  })
  await expectWithdrawn()

  async function expectWithdrawn(): Promise<void> {
    expect(await sees(stranger, open)).toBe(false)
    expect(await sees(stranger, riding)).toBe(false)
    expect(await sees(friend, linked)).toBe(false)
    for (const [id, headers] of [
      [open, {}],
      [linked, { 'ride-share': token }],
    ] as const) {
      expect((await fetch(`${product.url}/rides/${id}.gpx`, { headers })).status).toBe(404)
    }
    await expectUnlisted()
  }
  async function expectUnlisted(): Promise<void> {
    const { data, errors } = await stranger.ask(
      `query ($id: ID!) { rides { totalCount nodes { id } } found: rides(filter: { text: "withdrawn" }) { totalCount nodes { id } }
         rider(id: $id) { name } rideChanges { changes { ride { id } } } }`,
      { id: asOwner.riderId },
    )
    expect(errors).toBeUndefined()
    const none = { totalCount: 0, nodes: [] }
    expect(data).toEqual({ rides: none, found: none, rider: null, rideChanges: { changes: [] } })
    const map = stranger.subscribe(live)
    expect((await map.next()).value.data.liveRides.rides).toEqual([])
    await map.return?.()
  }
})

test('rights: whoever asks right behind the answer is shown nothing, each time', async () => {
  const rideId = await startRide(served.owner, { visibility: 'PUBLIC' })
  for (let time = 0; time < 20; time++) {
    await eventually('it to be seen', () => sees(served.stranger, rideId), { everyMs: 5 })
    await served.owner.mutate('editRide', { rideId, visibility: 'PRIVATE' })
    expect(await sees(served.stranger, rideId)).toBe(false)
    await served.owner.mutate('editRide', { rideId, visibility: 'PUBLIC' }, 'ride { id }')
  }
})
