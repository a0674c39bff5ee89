/** A recording on its way into the log: whatever stops it, sent again it is one ride, whole. */

import { fail } from 'node:assert'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openCommands } from '#log/commands.ts'
import { describeStream, readStream } from '#log/read.ts'
import { planOf, type Step } from '#recordings/plan.ts'
import type { ReadFile } from '#recordings/read/readers.ts'
import { simulateRide } from '#recordings/simulate/simulate.ts'
import { rideDecider } from '#ride/decider.ts'
import { decodeRideEvent, roundPosition } from '#ride/encoding.ts'
import { localRiderId } from '#rights/viewer.ts'
import { type ImportMeans, type ImportOutcome, importedRideId, importRide } from '#server/import-ride.ts'
import { type OpenedLog, openFreshLog } from '../log/open.ts'

let opened: OpenedLog
let here: ImportMeans
let elsewhere: ImportMeans
beforeAll(async () => {
  opened = await openFreshLog()
  const meansOn = (log: ImportMeans['log']): ImportMeans => ({
    log,
    commands: openCommands(log, rideDecider),
    riderId: localRiderId,
    now: () => Date.UTC(2026, 5, 1),
    traceparent: undefined,
  })
  here = meansOn(opened.log)
  elsewhere = meansOn(await opened.another())
})
afterAll(() => opened?.[Symbol.asyncDispose]())

const ride = simulateRide({
  seed: 11,
  start: { latitude: 46, longitude: 14 },
  startedAt: Date.UTC(2026, 4, 1, 8),
  duration: 4_000,
})
const steps = planOf(ride).steps.map((step) =>
  step.kind === 'upload' ? { ...step, positions: step.positions.map(roundPosition) } : step,
)
const uploads = steps.filter((step) => step.kind === 'upload').length
let files = 0

/** A file that nobody has imported yet, in pieces of three steps and an end. */
function newFile(these: readonly Step[] = steps): ReadFile {
  const sha256 = `${++files}`.padStart(64, '0')
  const pieces: Step[][] = []
  for (let from = 0; from < these.length - 1; from += 3)
    pieces.push(these.slice(from, Math.min(from + 3, these.length - 1)))
  pieces.push(these.slice(-1))
  return {
    sha256,
    title: 'Hills',
    startedAt: ride.startedAt,
    endedAt: ride.endedAt,
    positions: 1,
    leftOut: [],
    lostPlaces: 0,
    pieces: pieces.length,
    piece: (index) => pieces[index],
  }
}

test('a recording becomes the events of a live ride, at its own times', async () => {
  const outcome = await imported(newFile())
  expect(outcome).toMatchObject({ version: steps.length, status: 'ENDED', wasThere: false })
  const events = (await eventsOf(outcome.rideId)).map(decodeRideEvent)
  expect(events[0]).toMatchObject({ type: 'RideStarted', title: 'Hills', visibility: 'PRIVATE' })
  expect(events.map(({ type, at }) => [type, at])).toEqual(
    steps.map((step) => [
      eventTypes[step.kind],
      step.kind === 'upload' ? Math.max(...step.positions.map(({ at }) => at)) : step.at,
    ]),
  )
  expect(events.flatMap((event) => (event.type === 'RidePositionsRecorded' ? event.positions : []))).toEqual(
    steps.flatMap((step) => (step.kind === 'upload' ? step.positions : [])),
  )
})

test('imported again it is the same ride, and says that it was there', async () => {
  const file = newFile()
  const first = await imported(file)
  for (const means of [here, elsewhere]) {
    expect(await importRide(file, means)).toEqual({ ...first, wasThere: true })
  }
  expect(await eventsOf(first.rideId)).toHaveLength(steps.length)
})

test('a file that is imported many times at once, by two processes, is one ride', async () => {
  const file = newFile()
  const outcomes = await Promise.all(
    [here, elsewhere, here, elsewhere, here, elsewhere].map((means) => importRide(file, means)),
  )
  const [first, ...others] = outcomes.map(({ outcome, ...rest }) => ({
    outcome,
    ...rest,
    wasThere: undefined,
  }))
  for (const other of others) expect(other).toEqual(first)
  const { rideId } = successOf(outcomes[0]!)
  expect(await eventsOf(rideId)).toHaveLength(steps.length)
})

test('stopped after any command, it is completed when it is sent again', async () => {
  for (let count = 0; count < steps.length; count++) {
    const file = newFile()
    let left = count
    const stopped = await importRide(
      file,
      after(here, () => left-- > 0),
    )
    expect(stopped).toEqual({ outcome: 'overloaded' })
    const outcome = await imported(file, elsewhere)
    expect(outcome).toMatchObject({ version: steps.length, wasThere: false })
    expect(await eventsOf(outcome.rideId)).toHaveLength(steps.length)
  }
})

test('of which one command was not taken but those behind it were, it is one whole ride when it is sent again', async () => {
  for (let missing = 0; missing < steps.length; missing++) {
    const file = newFile()
    let index = 0
    const stopped = await importRide(
      file,
      after(here, () => index++ !== missing),
    )
    expect(stopped.outcome).toBe('overloaded')
    const { rideId } = await imported(file)
    const recorded = (await eventsOf(rideId)).map(decodeRideEvent)
    expect(recorded.filter(({ type }) => type === 'RidePositionsRecorded')).toHaveLength(uploads)
    expect(recorded).toHaveLength(steps.length)
    expect(await livingRides(file)).toEqual([rideId])
  }
})

test('where the server is closed in the middle, nothing is claimed', async () => {
  const file = newFile()
  const closed = { ...file, piece: (index: number) => (index < 2 ? file.piece(index) : undefined) }
  expect(await importRide(closed, here)).toEqual({ outcome: 'overloaded' })
  expect(await imported(file)).toMatchObject({ version: steps.length, wasThere: false })
})

test('a deleted ride can be imported again, as another ride, as often as it is deleted', async () => {
  const file = newFile()
  const rideIds: string[] = []
  for (let time = 0; time < 3; time++) {
    const outcome = await imported(file)
    expect(outcome.wasThere).toBe(false)
    rideIds.push(outcome.rideId)
    await command(outcome.rideId, 'deleteRide')
  }
  expect(new Set(rideIds).size).toBe(3)
})

test('deleted while it is imported, it stays deleted until it is sent again', async () => {
  const file = newFile()
  let index = 0
  const deleting = after(here, async () => {
    if (++index === steps.length) await command((await livingRides(file))[0]!, 'deleteRide')
    return true
  })
  expect(await importRide(file, deleting)).toEqual({ outcome: 'deleted' })
  expect(await livingRides(file)).toEqual([])
  await imported(file)
})

test('a part of it that was ended meanwhile gives way to the whole', async () => {
  const file = newFile()
  await importRide({ ...file, piece: (index) => (index < 1 ? file.piece(index) : undefined) }, here)
  const [part] = await livingRides(file)
  await command(part!, 'endRide')
  const whole = await imported(file, elsewhere)
  expect(whole).toMatchObject({ version: steps.length, wasThere: false })
  expect(await livingRides(file)).toEqual([whole.rideId])
  expect(await imported(file)).toEqual({ ...whole, wasThere: true })
})

test('a version that reads the file otherwise knows a ride that is whole, and replaces a part', async () => {
  const whole = newFile()
  const first = await imported(whole)
  const otherwise = (file: ReadFile): ReadFile => ({
    ...newFile(planOf({ ...ride, entries: [ride.entries[0]!] }).steps),
    sha256: file.sha256,
  })
  expect(await imported(otherwise(whole))).toEqual({ ...first, wasThere: true })
  const part = newFile()
  await importRide({ ...part, piece: (index) => (index < 1 ? part.piece(index) : undefined) }, here)
  const replaced = await imported(otherwise(part))
  expect(replaced).toMatchObject({ version: 3, wasThere: false })
  expect(await livingRides(part)).toEqual([replaced.rideId])
})

test("another rider's import of the same file is another ride", async () => {
  const file = newFile()
  const other = {
    ...here,
    riderId: '00000000-0000-4000-8000-000000000002',
  }
  expect((await imported(file, other)).rideId).not.toBe((await imported(file)).rideId)
})

const eventTypes = {
  start: 'RideStarted',
  upload: 'RidePositionsRecorded',
  pause: 'RidePaused',
  resume: 'RideResumed',
  end: 'RideEnded',
} as const

async function imported(file: ReadFile, means = here) {
  return successOf(await importRide(file, means))
}

function successOf(outcome: ImportOutcome) {
  return outcome.outcome === 'imported' ? outcome : fail(JSON.stringify(outcome))
}

/** The rides that imports of a file have started and that are not deleted. */
async function livingRides({ sha256 }: ReadFile): Promise<string[]> {
  const living: string[] = []
  for (let deletions = 0; deletions < 5; deletions++) {
    const rideId = importedRideId(opened.log, here.riderId, sha256, deletions)
    const stream = await describeStream(opened.log, rideId)
    if (stream?.isGone === false) living.push(rideId)
  }
  return living
}

/** Commands of which those are answered `overloaded`, and not taken, that `isTaken` says no to. */
function after(means: ImportMeans, isTaken: () => boolean | Promise<boolean>): ImportMeans {
  return {
    ...means,
    commands: {
      ...means.commands,
      handle: async (request) =>
        (await isTaken()) ? means.commands.handle(request) : { outcome: 'overloaded' },
    },
  }
}

function eventsOf(rideId: string) {
  return readStream(opened.log, rideId, { after: 0, limit: 1_000 })
}

async function command(rideId: string, type: 'deleteRide' | 'endRide'): Promise<void> {
  const { outcome } = await here.commands.handle({
    streamId: rideId,
    eventId: crypto.randomUUID(),
    contentHash: '00',
    command: { type, at: null },
    circumstances: { actor: here, now: here.now() },
  })
  expect(outcome).toBe('accepted')
}
