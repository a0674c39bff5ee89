/** A ride, from a recording through the client to its route, with the server killed on the way. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Recording } from '#recordings/recording.ts'
import { simulateRide } from '#recordings/simulate/simulate.ts'
import { roundPosition } from '#ride/encoding.ts'
import { connect } from '../api/client.ts'
import { writeFit } from '../recordings/write-fit.ts'
import { writeGpx } from '../recordings/write-gpx.ts'
import { writeTcx } from '../recordings/write-tcx.ts'
import { ended, startCommand } from '../support/command.ts'
import { type FreshDatabase, freshDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { type Product, startProduct } from '../support/product.ts'

let database: FreshDatabase
let product: Product
let directory: string
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'slipstream-journey-'))
  database = await freshDatabase()
  product = await startProduct({ env: { DATABASE_URL: database.url } })
})
afterAll(async () => {
  await product?.[Symbol.asyncDispose]()
  await database?.[Symbol.asyncDispose]()
  await rm(directory, { recursive: true, force: true })
})

const recordingOf = (seed: number, duration: number): Recording =>
  simulateRide({
    seed,
    start: { latitude: 46.05, longitude: 14.5 },
    startedAt: Date.UTC(2026, 4, 31, 8),
    duration,
  })

/** `npm run ride`, as the package's script runs it. */
function replay(file: string, speed: string) {
  const child = startCommand('ride.ts', {}, file, '--url', product.url, '--speed', speed)
  let said = ''
  child.stdout!.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  return {
    rideId: eventually('the ride to be named', () => /Ride ([0-9a-f-]{36})/.exec(said)?.[1]),
    ended: ended(child),
  }
}

interface Item {
  readonly version: number
  readonly positions: readonly { readonly at: string; readonly latitude: number | null }[]
}

/**
 * The whole feed of a ride, exactly as it was sent. Where the connection is cut it is opened again and continued behind
 * the last cursor: what comes twice is twice in the answer.
 */
async function readFeed(rideId: string): Promise<{ items: Item[]; cuts: number }> {
  const items: Item[] = []
  let after: string | undefined
  for (let cuts = 0; ; cuts++) {
    // The server is away for a while after each cut.
    await eventually('the server to be there', async () => (await fetch(`${product.url}/readyz`)).ok, {
      withinMs: 30_000,
    })
    await using client = connect(product.url, { retries: 0 })
    const feed = client.subscribe(
      'subscription ($rideId: ID!, $after: Cursor) { rideFeed(rideId: $rideId, after: $after, until: FINISHED) { cursor version positions { at latitude } } }',
      { rideId, after },
    )
    try {
      for await (const { data, errors } of feed) {
        if (errors !== undefined) throw new Error(JSON.stringify(errors))
        const item = data?.['rideFeed'] as unknown as Item & { cursor: string }
        items.push(item)
        after = item.cursor
      }
      return { items, cuts }
    } catch (cut) {
      // A socket that closes rejects with its CloseEvent; anything else is a fault.
      if (cut instanceof Error) throw cut
    }
  }
}

const timesOf = (items: readonly Item[]) =>
  items.flatMap(({ positions }) => positions.map(({ at }) => Date.parse(at)))
const timesSent = ({ entries }: Recording) =>
  entries.flatMap((entry) => (entry.kind === 'position' ? [roundPosition(entry.position).at] : []))

test.each([
  ['FIT', 1, (recording: Recording) => writeFit(recording)],
  ['TCX', 2, (recording: Recording) => writeTcx(recording)],
  ['GPX', 3, (recording: Recording) => writeGpx(recording)],
] as const)('a %s recording is replayed, finished, and on the read side', async (format, seed, write) => {
  const file = join(directory, `ride.${format.toLowerCase()}`)
  await writeFile(file, write(recordingOf(seed, 1800)))
  const replayed = replay(file, 'max')
  const [rideId, { code, output }] = await Promise.all([replayed.rideId, replayed.ended])
  expect(output).toContain('FINISHED')
  expect(output).toContain(`${product.url}/rides/${rideId}`)
  expect(code).toBe(0)
  await using client = connect(product.url)
  const { data } = await client.ask(
    'query ($id: ID!) { ride(id: $id) { status statistics { distance elapsedTime timerTime movingTime } progress { distance } route { pointCount geometry } } }',
    { id: rideId },
  )
  const ride = data?.['ride'] as unknown as {
    readonly status: string
    readonly statistics: {
      readonly distance: number
      readonly elapsedTime: number
      readonly timerTime: number
      readonly movingTime: number
    }
    readonly progress: { readonly distance: number }
    readonly route: {
      readonly pointCount: number
      readonly geometry: { readonly coordinates: readonly unknown[] }
    }
  }
  expect(ride.status).toBe('FINISHED')
  expect(ride.statistics.timerTime).toBeGreaterThan(1700)
  expect(ride.statistics.distance).toBeGreaterThan(3000)
  expect(ride.statistics.elapsedTime).toBeGreaterThanOrEqual(ride.statistics.timerTime)
  expect(ride.statistics.timerTime).toBeGreaterThanOrEqual(ride.statistics.movingTime)
  // The running numbers end within 1 % of the final ones.
  expect(Math.abs(ride.progress.distance / ride.statistics.distance - 1)).toBeLessThan(0.01)
  expect(ride.route.geometry.coordinates.length).toBeGreaterThanOrEqual(1)
})

test('killed and restarted in the middle nothing is lost and nothing repeated, for the client and for who watches', async () => {
  const recording = recordingOf(4, 2400)
  const file = join(directory, 'killed.fit')
  await writeFile(file, writeFit(recording))
  const replayed = replay(file, '600')
  const id = await replayed.rideId
  const watched = readFeed(id)
  await using client = connect(product.url)
  for (const version of [20, 60, 120]) {
    await eventually(`version ${version}`, async () => {
      const { data } = await client.ask('query ($id: ID!) { ride(id: $id) { version } }', { id })
      return Number(data?.['ride']?.['version']) >= version
    })
    await product.kill()
    await product.restart()
  }
  const { code, output } = await replayed.ended
  expect(output).toContain('FINISHED')
  expect(code).toBe(0)
  const { items, cuts } = await watched
  expect(cuts).toBeGreaterThan(0)
  expect(items.map(({ version }) => version)).toEqual(items.map((_, index) => index + 1))
  const sent = timesSent(recording)
  expect(timesOf(items)).toEqual(sent)
  expect(timesOf((await readFeed(id)).items)).toEqual(sent)
}, 90_000)

test('stopped and started again the rides are there', async () => {
  await using before = connect(product.url)
  const list = '{ rides { totalCount nodes { id status version title statistics { distance } } } }'
  const { data } = await before.ask(list)
  expect(data?.['rides']?.['totalCount']).toBe(4)
  expect(await product.stop()).toEqual({ code: 0, signal: null })
  await product.restart()
  await using after = connect(product.url)
  expect((await after.ask(list)).data).toEqual(data)
})

test('the API and the worker may be processes of their own', async () => {
  await using own = await freshDatabase()
  if (own.kind === 'embedded') {
    // One database for the whole run: the product of the other tests would work on it too.
    await product.stop()
  }
  await using worker = await startProduct({ role: 'worker', env: { DATABASE_URL: own.url } })
  await using api = await startProduct({ role: 'api', env: { DATABASE_URL: own.url } })
  await using client = connect(api.url)
  const started = await client.mutate('startRide', { title: 'Apart' }, 'ride { status }')
  expect(started).toMatchObject({ version: 1, ride: { status: 'ACTIVE' } })
  await client.mutate('endRide', { rideId: started['rideId'] })
  await eventually('the worker to finish it', async () => {
    const { data } = await client.ask('query ($id: ID!) { ride(id: $id, minVersion: 3) { status } }', {
      id: started['rideId'],
    })
    return data?.['ride']?.['status'] === 'FINISHED'
  })
  expect((await fetch(`${worker.url}/graphql`)).status).toBe(404)
})
