/** Copies kept by `rideChanges` while everything goes on, held against what is to be seen. */
import { randomUUID } from 'node:crypto'
import { sql } from '@databases/pg'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type ChangesMeans, changedRides } from '#api/changed-rides.ts'
import { type ReadUpTo, readChangesCursor, writeChangesCursor } from '#api/changes-cursor.ts'
import type { RideRow } from '#api/ride-row.ts'
import { ridesPage } from '#api/rides-page.ts'
import { openAdministration } from '#projections/administration.ts'
import type { Projection } from '#projections/projection.ts'
import { rides } from '#projections/rides.ts'
import { routes } from '#projections/routes.ts'
import type { RideCommand } from '#ride/ride.ts'
import { localRider, type Viewer } from '#rights/viewer.ts'
import { type OpenedRides, openRides, riderId, riding, seconds } from '../projections/open-rides.ts'
import { eventually } from '../support/eventually.ts'

const zonedRider = '00000000-0000-4000-8000-0000000000a1'
const viewers: readonly Viewer[] = [
  { ...localRider, riderId },
  { ...localRider, riderId: zonedRider },
  { ...localRider, riderId: null, scopes: new Set() },
]

type Shown = Pick<RideRow, 'version' | 'status' | 'visibility' | 'title' | 'distance' | 'maskedBy'> & {
  readonly points: number | null
}

function shownOf({ version, status, visibility, title, distance, maskedBy, route }: RideRow): Shown {
  return { version, status, visibility, title, distance, maskedBy, points: route?.pointCount ?? null }
}

/** Who keeps a copy, page by page. */
class Copy {
  readonly rides = new Map<string, Shown>()
  readonly told = new Set<string>()
  after: readonly ReadUpTo[] | undefined
  readonly #means: () => ChangesMeans
  readonly #partitions: number
  constructor(means: () => ChangesMeans, partitions: number) {
    this.#means = means
    this.#partitions = partitions
  }

  async take(first: number): Promise<boolean> {
    const { after } = this
    const page = await changedRides(this.#means(), { after, partitions: this.#partitions, first })
    const ids = page.changes.map(({ rideId }) => rideId)
    expect(ids.length).toBeLessThanOrEqual(first)
    expect(new Set(ids).size).toBe(ids.length)
    for (const { rideId, version, ride } of page.changes) {
      this.told.add(rideId)
      if (ride === null) this.rides.delete(rideId)
      else {
        expect(version).toBe(ride.version)
        this.rides.set(rideId, shownOf(ride))
      }
    }
    this.after = page.partitions
    return page.hasMore
  }
}

async function seenBy({ read }: OpenedRides, viewer: Viewer): Promise<Map<string, Shown>> {
  const page = { after: undefined, before: undefined, limit: 100, inverted: false }
  return new Map((await ridesPage(read, viewer, page)).map((ride) => [ride.rideId, shownOf(ride)]))
}

const step = fc.record({
  ride: fc.nat(9),
  what: fc.constantFrom(
    ...([
      'upload',
      'upload',
      'upload',
      'pause',
      'resume',
      'end',
      'edit',
      'public',
      'private',
      'delete',
    ] as const),
  ),
  looks: fc.array(fc.tuple(fc.nat(2), fc.integer({ min: 1, max: 4 })), { maxLength: 3 }),
})

test.each([
  [1, 11],
  [4, 13],
])(
  'complete: a copy kept by changes is what is to be seen, with %i partition(s), rides that are parked, zones and a rebuild (history %i)',
  async (partitions, seed) => {
    await using opened = await openRides({ partitions })
    const { log, commands } = opened
    await log.database.query(sql`insert into riders (rider_id, name) values (${zonedRider}, 'Zoned')`)
    const rideIds = Array.from({ length: 10 }, () => randomUUID())
    const riderOf = (ride: number) => (ride % 2 === 0 ? riderId : zonedRider)
    const poisoned = new Set<string>(rideIds.filter((_, index) => index % 4 === 1))
    const everPublic = new Set<string>()

    const broken = { isMended: false }
    const flaky: Projection = {
      ...rides,
      async apply(transaction, version, events) {
        const isPoison = events.some(({ streamId, type }) => poisoned.has(streamId) && type === 'RideEdited')
        if (isPoison && !broken.isMended) throw new Error('It cannot be taken')
        await rides.apply(transaction, version, events)
      },
    }
    const projections = [flaky, routes(log, { committed: () => undefined })]
    const administration = openAdministration({ database: log.database, projections, partitions })
    const worker = opened.worker({ projections })

    const times = new Map<number, number>()
    async function command(ride: number, asked: RideCommand, actor: 'system' | { riderId: string }) {
      await commands.handle({
        streamId: rideIds[ride]!,
        eventId: randomUUID(),
        contentHash: '',
        command: asked,
        circumstances: { actor, now: seconds(86_400) },
      })
    }
    async function carryOut({ ride, what }: { ride: number; what: string }) {
      const time = times.get(ride) ?? 0
      times.set(ride, time + 20)
      const rider = { riderId: riderOf(ride) }
      const isOpen = what === 'public' || (time === 0 && ride % 3 === 0)
      if (isOpen) everPublic.add(rideIds[ride]!)
      if (time === 0) {
        const visibility = ride % 3 === 0 ? 'PUBLIC' : 'PRIVATE'
        await command(ride, { type: 'startRide', startedAt: seconds(0), title: null, visibility }, rider)
      }
      const at = seconds(time + 20)
      const edits = {
        edit: { title: `${time}` },
        public: { visibility: 'PUBLIC' },
        private: { visibility: 'PRIVATE' },
      } as const
      if (what === 'upload') {
        await command(ride, { type: 'recordPositions', positions: riding(time, time + 19) }, rider)
      } else if (what === 'edit' || what === 'public' || what === 'private') {
        await command(ride, { type: 'editRide', changes: edits[what] }, rider)
      } else {
        const types = {
          pause: 'pauseRide',
          resume: 'resumeRide',
          end: 'endRide',
          delete: 'deleteRide',
        } as const
        await command(ride, { type: types[what as keyof typeof types], at }, rider)
      }
    }
    /** The rider changes zones: from now on nobody sees what was not masked by the new ones. */
    async function changeZones(version: number) {
      await log.database.query(
        sql`update riders set mask_version = ${version} where rider_id = ${zonedRider}`,
      )
      const zones = version % 2 === 1 ? [{ latitude: 0, longitude: 10, radius: 150 * version }] : []
      for (let ride = 1; ride < rideIds.length; ride += 2)
        await command(ride, { type: 'maskRide', mask: { version, zones }, isEndKnown: true }, 'system')
    }

    const copies = viewers.map(
      (viewer) => new Copy(() => ({ read: opened.read, partitionOf: log.partitionOf, viewer }), partitions),
    )
    const history = fc.sample(step, { numRuns: 160, seed })
    for (const [index, each] of history.entries()) {
      await carryOut(each)
      for (const [viewer, first] of each.looks) await copies[viewer]!.take(first)
      if (index === 40 || index === 80) await changeZones(index / 40)
      if (index === 90) await administration.rebuild('rides')
      if (index === 120) await changeZones(3)
    }
    broken.isMended = true
    await eventually('what was parked to be taken', async () => {
      const parked = await administration.parked()
      for (const each of parked) await administration.retry(each.rideId)
      return parked.length === 0
    })

    for (const [index, viewer] of viewers.entries()) {
      const copy = copies[index]!
      await eventually(`the copy of viewer ${index} to be whole`, async () => {
        while (await copy.take(3));
        expect(copy.rides).toEqual(await seenBy(opened, viewer))
        return true
      })
    }
    for (const rideId of copies[2]!.told) expect(everPublic).toContain(rideId)
    await eventually('the routes to be told as well', async () => {
      for (const copy of copies) {
        copy.told.clear()
        await copy.take(100)
      }
      return copies.every(({ told }) => told.size === 0)
    })
    // Nothing goes on: nobody is told anything again.
    for (const copy of copies) {
      copy.told.clear()
      expect(await copy.take(100)).toBe(false)
      expect(copy.told).toEqual(new Set())
    }
    await worker.stop()
  },
  60_000,
)

test('rights: of a ride that is not public any more others are told once, and nothing of how it goes on', async () => {
  await using opened = await openRides()
  const worker = opened.worker({ finishes: false })
  const [withdrawn, secret] = [randomUUID(), randomUUID()]
  const means = (viewer: Viewer): ChangesMeans => ({
    read: opened.read,
    partitionOf: opened.log.partitionOf,
    viewer,
  })
  const stranger = new Copy(() => means(viewers[2]!), 1)
  const rider = new Copy(() => means(viewers[0]!), 1)
  const begin = { type: 'startRide', startedAt: seconds(0), title: null } as const
  await opened.command(secret, { ...begin, visibility: 'PRIVATE' })
  await opened.command(withdrawn, { ...begin, visibility: 'PUBLIC' })
  await eventually('it to be told', async () => {
    await stranger.take(10)
    return stranger.rides.has(withdrawn)
  })
  await opened.command(withdrawn, { type: 'editRide', changes: { visibility: 'PRIVATE' } })
  await eventually('it to be taken back', async () => {
    await stranger.take(10)
    return !stranger.rides.has(withdrawn)
  })
  stranger.told.clear()
  await opened.command(withdrawn, { type: 'editRide', changes: { title: 'Home again' } })
  await opened.command(withdrawn, { type: 'recordPositions', positions: riding(0, 5) })
  await opened.command(secret, { type: 'recordPositions', positions: riding(0, 5) })
  await opened.command(withdrawn, { type: 'deleteRide', at: null })
  await eventually('its rider to be told of all', async () => {
    await rider.take(10)
    return rider.rides.size === 1 && rider.rides.get(secret)?.version === 2
  })
  await stranger.take(10)
  expect(stranger.told).toEqual(new Set())
  // Who comes now learns nothing of what he never had.
  const late = new Copy(() => means(viewers[2]!), 1)
  await late.take(10)
  expect(late.told).toEqual(new Set())
  // And of what comes now all: that the ride is not there any more keeps nothing from him.
  const open = randomUUID()
  await opened.command(open, { ...begin, visibility: 'PUBLIC' })
  await opened.command(open, { type: 'endRide', at: seconds(10) })
  await eventually('him to be told', async () => {
    await late.take(10)
    return late.rides.get(open)?.status === 'ENDED'
  })
  await worker.stop()
})

test('complete: uploads of a ride that was parked come late, behind others that were told before', async () => {
  await using opened = await openRides()
  const { log } = opened
  const [parked, other] = [randomUUID(), randomUUID()]
  const broken = { isMended: false }
  const flaky: Projection = {
    ...rides,
    async apply(transaction, version, events) {
      const isPoison = events.some(
        ({ streamId, type }) => streamId === parked && type === 'RidePositionsRecorded',
      )
      if (isPoison && !broken.isMended) throw new Error('It cannot be taken')
      await rides.apply(transaction, version, events)
    },
  }
  const worker = opened.worker({ projections: [flaky], finishes: false })
  const copy = new Copy(() => ({ read: opened.read, partitionOf: log.partitionOf, viewer: viewers[0]! }), 1)
  const begin = { type: 'startRide', startedAt: seconds(0), title: null, visibility: 'PRIVATE' } as const
  for (const rideId of [parked, other]) {
    await opened.command(rideId, begin)
    await opened.command(rideId, { type: 'recordPositions', positions: riding(0, 5) })
  }
  await eventually('the other one to be told', async () => {
    await copy.take(10)
    return worker.parked.length === 1 && copy.rides.get(other)?.version === 2
  })
  expect(copy.rides.get(parked)?.version).toBe(1)
  broken.isMended = true
  const administration = openAdministration({ database: log.database, projections: [flaky], partitions: 1 })
  await administration.retry(parked)
  await copy.take(10)
  expect(copy.rides.get(parked)?.version).toBe(2)
  await worker.stop()
})

test('complete: what others see of a way that is built anew, behind the ride that was masked anew, is told too', async () => {
  await using opened = await openRides()
  const { log, commands } = opened
  const rideId = randomUUID()
  const gate = Promise.withResolvers<void>()
  const built = routes(log, { committed: () => undefined })
  const slow: Projection = {
    ...built,
    async apply(transaction, version, events) {
      if (events.some(({ type }) => type === 'RideMasked')) await gate.promise
      await built.apply(transaction, version, events)
    },
  }
  const worker = opened.worker({ projections: [rides, slow] })
  const means = { read: opened.read, partitionOf: log.partitionOf, viewer: viewers[2]! }
  const copy = new Copy(() => means, 1)
  await opened.command(rideId, {
    type: 'startRide',
    startedAt: seconds(0),
    title: null,
    visibility: 'PUBLIC',
  })
  await opened.command(rideId, { type: 'recordPositions', positions: riding(0, 100) })
  await opened.command(rideId, { type: 'endRide', at: seconds(100) })
  await eventually('it to be FINISHED', async () => {
    await copy.take(10)
    return copy.rides.get(rideId)?.status === 'FINISHED'
  })
  expect(copy.rides.get(rideId)?.points).toBe(101)
  await log.database.query(sql`update riders set mask_version = 1 where rider_id = ${riderId}`)
  const zones = [{ latitude: 0, longitude: 10, radius: 250 }]
  await commands.handle({
    streamId: rideId,
    eventId: randomUUID(),
    contentHash: '',
    command: { type: 'maskRide', mask: { version: 1, zones }, isEndKnown: true },
    circumstances: { actor: 'system', now: seconds(86_400) },
  })
  await eventually('it to be masked', async () => {
    await copy.take(10)
    return copy.rides.get(rideId)?.maskedBy === 1
  })
  expect(copy.rides.get(rideId)?.points).toBeNull()
  gate.resolve()
  await eventually('its way to be told', async () => {
    await copy.take(10)
    return (copy.rides.get(rideId)?.points ?? 0) > 0
  })
  expect(copy.rides.get(rideId)!.points).toBeLessThan(60)
  await worker.stop()
})

test('rights: others are not told when a ride ends in a zone, nor of its links; and of its title they are', async () => {
  await using opened = await openRides()
  const worker = opened.worker()
  const rideId = randomUUID()
  const copies = viewers.map(
    (viewer) => new Copy(() => ({ read: opened.read, partitionOf: opened.log.partitionOf, viewer }), 1),
  )
  const [rider, , stranger] = copies as [Copy, Copy, Copy]
  const zones = [0, 1000].map((metres) => ({ latitude: metres / 110_574, longitude: 10, radius: 250 }))
  await opened.log.database.query(sql`update riders set mask_version = 1 where rider_id = ${riderId}`)
  await opened.command(rideId, {
    ...{ type: 'startRide', startedAt: seconds(0), title: null, visibility: 'PUBLIC' },
    mask: { version: 1, zones },
  })
  for (let from = 0; from < 200; from += 10) {
    await opened.command(rideId, { type: 'recordPositions', positions: riding(from, from + 9) })
  }
  const toldTo = async (version: number) => {
    await eventually(`its rider to be told of version ${version}`, async () => {
      await rider.take(10)
      return (rider.rides.get(rideId)?.version ?? 0) >= version
    })
    stranger.told.clear()
    await stranger.take(10)
    return stranger.told.size
  }
  expect(await toldTo(21)).toBe(1)
  expect(await toldTo(await opened.command(rideId, { type: 'endRide', at: seconds(230) }))).toBe(0)
  const share = { id: randomUUID(), expiresAt: null }
  expect(await toldTo(await opened.command(rideId, { type: 'shareRide', share }))).toBe(0)
  expect(await toldTo(await opened.command(rideId, { type: 'unshareRide', shareId: share.id }))).toBe(0)
  const edited = await opened.command(rideId, { type: 'editRide', changes: { title: 'Away' } })
  expect(await toldTo(edited)).toBe(1)
  expect(stranger.rides.get(rideId)).toMatchObject({ title: 'Away', status: 'ACTIVE' })
  await worker.stop()
})

test('a cursor says nothing to whom it is given, and is of one log and one viewer', () => {
  const hash = (text: string) => Buffer.from(text.padEnd(16, '.')).toString('hex').slice(-32)
  const log = { incarnation: randomUUID(), partitions: 2, hash }
  const partitions = [
    { number: 3, since: 2, position: 70_000 },
    { number: 0, since: 0, position: 0 },
  ]
  const text = writeChangesCursor(log, { readerId: riderId, partitions })
  expect(readChangesCursor(log, text)).toEqual({ readerId: riderId, partitions })
  expect(Buffer.from(text, 'base64url').toString('latin1')).not.toContain('70000')
  expect(readChangesCursor({ ...log, incarnation: randomUUID() }, text)).toBeUndefined()
  const changed = Buffer.from(text, 'base64url')
  changed[20]! ^= 1
  expect(readChangesCursor(log, changed.toString('base64url'))).toBeUndefined()
  expect(readChangesCursor(log, 'nonsense')).toBeUndefined()
})
