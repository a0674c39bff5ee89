/**
 * `npm run projections` as an administrator runs it: a process with arguments, output, signals and an exit code, on a
 * database with rides in it, beside a running product and without one.
 */
import type { ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { sql } from '@databases/pg'
import { expect, test, vi } from 'vitest'
import { streamName } from '#api/stream-name.ts'
import { cancel, parked, secondChance, status } from '#cli/projections/answers.ts'
import { openAdministration } from '#projections/administration.ts'
import type { Projection } from '#projections/projection.ts'
import { rides } from '#projections/rides.ts'
import { routes } from '#projections/routes.ts'
import { anonymous } from '#rights/viewer.ts'
import { type OpenedRides, openRides, rideOut, start } from '../projections/open-rides.ts'
import { ended, startCommand } from '../support/command.ts'
import { eventually } from '../support/eventually.ts'
import { startProduct } from '../support/product.ts'

// Each run of the command is a process that starts: on a busy machine that takes seconds.
vi.setConfig({ testTimeout: 90_000 })

test('a ride that was parked is shown with its fault, and retried once the fault is mended', async () => {
  await using opened = await openRides()
  const rideId = await parkedByAFault(opened)

  const before = await run(opened, 'status')
  expect(before.code).toBe(0)
  expect(before.output).toMatch(/^rides +1 +serving +\S+ +8 +0 +1 +up to date$/m)
  expect(before.output).toMatch(/^routes +1 +serving +\S+ +8 +0 +0 +up to date$/m)
  expect(before.output).toContain('Parked: 1 ride in rides 1. Which, and why: npm run projections -- parked')

  const shown = await run(opened, 'parked')
  expect(shown.output).toMatch(
    new RegExp(`^${rideId} +rides 1 +RidePaused +4 +\\S+ +3 +Error: It cannot be taken$`, 'm'),
  )

  // As administrators elsewhere know it.
  const name = streamName(opened.log, anonymous(''), { streamId: rideId, state: null, isGone: false })
  expect((await run(opened, 'parked', name)).output).toContain(rideId)
  const unknown = name.replace(/^./, (first) => (first === 'A' ? 'B' : 'A'))
  expect(await run(opened, 'skip', unknown)).toMatchObject({
    code: 1,
    complaint: `No ride of this log is called ${unknown}.\n`,
  })

  expect(await run(opened, 'retry', rideId.toUpperCase())).toEqual({
    code: 0,
    output: 'rides 1: 5 events applied; nothing of it waits any more.\n',
    complaint: '',
  })
})

test('for programs it is told as JSON', async () => {
  await using opened = await openRides()
  const rideId = await parkedByAFault(opened)
  const administration = administrationOf(opened)
  const shown = JSON.parse((await parked(administration, { rideId, json: true })).text)
  expect(shown).toMatchObject({
    total: 1,
    rides: [{ rideId, projection: 'rides', rideVersion: 4, eventType: 'RidePaused', attempts: 3 }],
  })
  expect(shown.rides[0].error.where[0]).toMatch(/^at /)
  const means = { now: () => performance.now(), pause: async () => undefined, json: true }
  expect(JSON.parse((await status(administration, means)).text)).toMatchObject({
    projections: [
      { projection: 'rides', state: 'serving', position: 8, head: 8, behind: 0, parkedRides: 1 },
      { projection: 'routes', state: 'serving', partitions: [{ partition: 0, behind: 0 }], parkedRides: 0 },
    ],
  })
  await administration.retry(rideId)
  expect(await secondChance(administration, { command: 'retry', rideId })).toEqual({
    isDone: false,
    text: `Ride ${rideId} is parked nowhere.`,
  })
  expect(await parked(administration, { rideId: undefined, json: false })).toEqual({
    isDone: true,
    text: 'No ride is parked.',
  })
})

test('an event that no version can take is tried again in vain, and passed over when it is skipped', async () => {
  await using opened = await openRides()
  const rideId = await aRideFromTheFuture(opened)
  const worker = opened.worker({ pollMs: 50 })
  await eventually('the ride to be parked in both', () => worker.parked.length > 1)
  await worker.stop()

  const administration = administrationOf(opened)
  const retried = await secondChance(administration, { command: 'retry', rideId })
  expect(retried.isDone).toBe(false)
  // Either may have come to it first.
  const inOrder = (text: string) => text.split('\n').sort()
  expect(inOrder(retried.text)).toEqual(
    ['rides', 'routes'].map((name) =>
      expect.stringMatching(
        new RegExp(
          `^${name} 1: failed at the ride's version 2; it stays parked\\. Error: .* schema version 99`,
        ),
      ),
    ),
  )
  const skipped = await secondChance(administration, { command: 'skip', rideId })
  expect(skipped.isDone).toBe(true)
  expect(inOrder(skipped.text)).toEqual([
    'rides 1: 1 event applied; nothing of it waits any more.',
    "rides 1: passed over the ride's version 2, a RideEdited.",
    expect.stringMatching(/^routes 1: .*nothing of it waits any more\.$/),
    "routes 1: passed over the ride's version 2, a RideEdited.",
  ])
  expect(await titleOf(opened, rideId)).toBe('Mended')
})

test('where no worker runs a rebuild does all the work itself, and says what stands still', async () => {
  await using opened = await openRides()
  const rideId = await rideOut(opened)
  const before = await run(opened, 'status')
  expect(before.output).toMatch(/^rides +1 +serving +\S+ +0 +7 +0 +stands still$/m)
  expect(before.output).toContain(
    'rides 1, routes 1 did not move. Where no worker runs, start one: npm start',
  )

  const rebuilt = await run(opened, 'rebuild', 'rides')
  expect(rebuilt).toMatchObject({ code: 0, complaint: '' })
  expect(rebuilt.output).toMatch(/^Building rides 2 beside the version that is read\.$/m)
  expect(rebuilt.output).toMatch(/^rides 2 is served: 7 events, \d+ s\./m)
  expect(await opened.log.database.query(sql`select ride_id from rides_2`)).toEqual([{ ride_id: rideId }])
})

test('a rebuild beside a running product ends in a version that the product serves', async () => {
  await using opened = await openRides()
  const rideId = await rideOut(opened)
  await using product = await startProduct({ env: { DATABASE_URL: opened.url } })
  const rebuilt = await run(opened, 'rebuild', 'routes')
  expect(rebuilt).toMatchObject({ code: 0, complaint: '' })
  expect(rebuilt.output).toMatch(/^routes 2 is served: /m)
  // Nothing else is left to read.
  await opened.log.database.query(sql`truncate routes_1`)
  await eventually('the product to read the new version', async () => {
    const response = await fetch(`${product.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: `{ ride(id: "${rideId}") { route { geometry } } }` }),
    })
    const { data } = (await response.json()) as { data: { ride: { route: unknown } | null } }
    return data.ride?.route != null
  })
})

test('a rebuild that is interrupted is joined by the same command, or cancelled', async () => {
  await using opened = await openRides()
  await rideOut(opened)
  const { work } = await workOnce(opened)
  const administration = administrationOf(opened)
  expect(await administration.rebuild('rides')).toEqual({ outcome: 'begun', version: 2 })
  await refuseRows(opened, 'rides_2')

  const child = begin(opened, 'rebuild', 'rides')
  const complaint = text(child.stderr!)
  await said(child, /Joining: rides 2 is being built already\.[\s\S]*again/)
  child.kill('SIGINT')
  expect((await once(child, 'close'))[0]).toBe(130)
  expect(await complaint).toMatch(
    /^Stopped\. Workers, .* go on building rides 2; the same command joins again\./m,
  )
  const standing = await run(opened, 'status')
  expect(standing.output).toMatch(/^rides +2 +building +\S+ +0 +\d+ +0 +stands still$/m)
  expect(standing.output).toContain(
    'rides 2 is being built. Join in and watch: npm run projections -- rebuild rides',
  )

  await opened.log.database.query(sql`drop trigger refuse on rides_2`)
  const joined = await run(opened, 'rebuild', 'rides')
  expect(joined).toMatchObject({ code: 0 })
  expect(joined.output).toMatch(/^rides 2 is served: \d+ events, /m)
  expect(await opened.log.database.query(sql`select status from rides_2`)).toEqual(work)

  expect(await administration.rebuild('rides')).toEqual({ outcome: 'begun', version: 3 })
  expect(await cancel(administration, 'rides')).toEqual({
    isDone: true,
    text: 'rides 3 is dropped. The version that is read stays as it is.',
  })
  expect(await cancel(administration, 'rides')).toEqual({
    isDone: false,
    text: 'No version of rides is being built.',
  })
})

test('a new version with a ride parked in it alone is not served until that is retried or skipped', async () => {
  await using opened = await openRides()
  const rideId = await aRideFromTheFuture(opened)
  const lenient = { ...rides, apply: async () => undefined }
  const worker = opened.worker({ projections: [lenient, routes(opened.log, unheard)] })
  await eventually('the worker to be at the end', () => isAtTheEnd(opened))
  await worker.stop()

  const rebuilt = await run(opened, 'rebuild', 'rides')
  expect(rebuilt.code).toBe(1)
  expect(rebuilt.output).toContain(`Parked: ride ${rideId} at its version 2, a RideEdited.`)
  expect(rebuilt.complaint).toContain('rides 2 is whole but for 1 ride, parked in it alone.')
  await administrationOf(opened).skip(rideId)
  const again = await run(opened, 'rebuild', 'rides')
  expect(again).toMatchObject({ code: 0 })
  expect(again.output).toMatch(/Joining: rides 2 [\s\S]*rides 2 is served/)
})

test('a database that does not answer is said, and nothing done', async () => {
  const { code, complaint } = await run({ url: 'postgres://127.0.0.1:1/none' }, 'status')
  expect(code).toBe(1)
  expect(complaint).toMatch(/^The database at DATABASE_URL does not answer/)
})

const unheard = { committed: () => undefined }

const administrationOf = ({ log }: OpenedRides) =>
  openAdministration({
    database: log.database,
    projections: [rides, routes(log, unheard)],
    partitions: log.partitions,
  })

/** By a projection that cannot take its RidePaused; what the command runs can. */
async function parkedByAFault(opened: OpenedRides): Promise<string> {
  const rideId = randomUUID()
  const faulty: Projection = {
    ...rides,
    async apply(transaction, version, events) {
      await rides.apply(transaction, version, events)
      if (events.some(({ type }) => type === 'RidePaused')) throw new Error('It cannot be taken')
    },
  }
  const worker = opened.worker({ projections: [faulty, routes(opened.log, unheard)] })
  await rideOut(opened, rideId)
  await eventually('the ride to be parked', () => worker.parked.length > 0)
  await eventually('the worker to be at the end', () => isAtTheEnd(opened, 8))
  await worker.stop()
  return rideId
}

/** Its second event was written by a version that is not there yet, its third renames it. */
async function aRideFromTheFuture(opened: OpenedRides): Promise<string> {
  const rideId = randomUUID()
  await opened.command(rideId, { type: 'startRide', startedAt: start, title: 'Out', visibility: 'PRIVATE' })
  const appended = await opened.log.append({
    streamId: rideId,
    streamType: 'ride',
    expectedVersion: 1,
    events: [
      {
        eventId: randomUUID(),
        type: 'RideEdited',
        schemaVersion: 99,
        contentHash: '',
        data: '{}',
        metadata: null,
      },
    ],
    state: null,
  })
  expect(appended.outcome).toBe('appended')
  await opened.command(rideId, { type: 'editRide', changes: { title: 'Mended' } })
  return rideId
}

async function isAtTheEnd(opened: OpenedRides, events = 1): Promise<boolean> {
  const standing = await administrationOf(opened).status()
  return standing.every(({ partitions }) =>
    partitions.every(({ position, head }) => head >= events && position === head),
  )
}

/** Rows of the version that is served, made by a worker that has stopped. */
async function workOnce(opened: OpenedRides) {
  const worker = opened.worker()
  await eventually('the ride to be FINISHED', () => isAtTheEnd(opened, 8))
  await worker.stop()
  return { work: await opened.log.database.query(sql`select status from rides_1`) }
}

/** As where a transaction got in another one's way, but for ever: it is tried again and again. */
async function refuseRows({ log }: OpenedRides, table: string): Promise<void> {
  await log.database.query(sql`
    create function refuse() returns trigger language plpgsql as
      $$ begin raise exception 'not now' using errcode = 'serialization_failure'; end $$`)
  await log.database.query(
    sql`create trigger refuse before insert on ${sql.ident(table)} for each row execute function refuse()`,
  )
}

async function titleOf({ log }: OpenedRides, rideId: string): Promise<string> {
  const [row] = await log.database.query(sql`select title from rides_1 where ride_id = ${rideId}`)
  return row.title
}

function begin({ url }: { url: string }, ...args: readonly string[]): ChildProcess {
  return startCommand('projections.ts', { DATABASE_URL: url }, ...args)
}

const run = (database: { url: string }, ...args: readonly string[]) => ended(begin(database, ...args))

function said(child: ChildProcess, wanted: RegExp): Promise<void> {
  return new Promise((resolve, reject) => {
    let heard = ''
    child.stdout!.on('data', (chunk: Buffer) => {
      heard += chunk.toString()
      if (wanted.test(heard)) resolve()
    })
    child.once('close', () => reject(new Error(`It ended having said: ${heard}`)))
  })
}
