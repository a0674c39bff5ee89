/** Threads that read uploaded files: what they hand over, and what bounds them. */
import { fail } from 'node:assert'
import { createHash } from 'node:crypto'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setImmediate } from 'node:timers/promises'
import type { Worker } from 'node:worker_threads'
import { gzipSync } from 'node:zlib'
import { expect, onTestFinished, test } from 'vitest'
import { planOf, type Step } from '#recordings/plan.ts'
import { readRecording } from '#recordings/read/read.ts'
import { openReaders, type Place, type Readers, type ReadFile } from '#recordings/read/readers.ts'
import { simulateRide } from '#recordings/simulate/simulate.ts'
import { roundPosition } from '#ride/encoding.ts'
import { writeFit } from '../write-fit.ts'
import { writeGpx } from '../write-gpx.ts'

const startedAt = Date.UTC(2026, 4, 1, 8)
const now = () => Date.UTC(2026, 5, 1)
const ride = simulateRide({ seed: 9, start: { latitude: 46, longitude: 14 }, startedAt, duration: 6_000 })
const gpx = Buffer.from(writeGpx(ride))

test('a thread hands over the whole plan in bounded pieces, the end in one of its own', async () => {
  const { file } = await read(open(), gpx)
  const outcome = await readRecording(gpx)
  const plan = outcome.outcome === 'read' ? planOf(outcome.recording) : fail(outcome.reason)
  const pieces = piecesOf(file)
  const rounded = plan.steps.map((step) =>
    step.kind === 'upload' ? { ...step, positions: step.positions.map(roundPosition) } : step,
  )
  expect(pieces.flat()).toEqual(rounded)
  expect(pieces.at(-1)).toEqual([rounded.at(-1)])
  expect(pieces.length).toBeGreaterThan(2)
  for (const piece of pieces) {
    const sizes = piece.map((step) => (step.kind === 'upload' ? step.positions.length : 0))
    expect(Math.max(...sizes)).toBeLessThanOrEqual(1_000)
    expect(sizes.reduce((sum, size) => sum + size)).toBeLessThanOrEqual(5_000)
  }
  const { positions, leftOut } = plan
  expect(file).toMatchObject({ title: 'Simulated loop 9', positions, leftOut })
})

test('a file is the same file packed, not packed, and in a form', async () => {
  const readers = open()
  const form = new FormData()
  form.append('visibility', 'ignored')
  form.append('file', new Blob([gzipSync(gpx)]), 'ride.gpx.gz')
  const body = new Response(form)
  const sha256 = createHash('sha256').update(gpx).digest('hex')
  for (const [bytes, type] of [
    [gpx, 'application/gpx+xml'],
    [gzipSync(gpx), 'application/x-www-form-urlencoded'],
    [new Uint8Array(await body.clone().arrayBuffer()), body.headers.get('content-type')!],
  ] as const) {
    const { file, place } = await read(readers, bytes, type)
    expect(file.sha256).toBe(sha256)
    place.leave()
  }
})

test.each([
  ['without a file', { note: 'none' }, /holds no file/],
  ['of two files', { one: new Blob(['<gpx/>']), two: new Blob(['<gpx/>']) }, /holds 2 files/],
])('a form %s is refused', async (_, fields, reason) => {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.append(name, value)
  const body = new Response(form)
  const type = body.headers.get('content-type')!
  expect(await refusal(open(), new Uint8Array(await body.arrayBuffer()), type)).toMatch(reason)
})

test.each(['multipart/form-data; boundary=x', 'multipart/form-data'])(
  'a body that is no form although it says %s is refused',
  async (type) => {
    expect(await refusal(open(), gpx, type)).toMatch(/form is truncated or damaged/)
  },
)

test('times from the future are refused, those of a clock that runs ahead a little are not', async () => {
  const readers = open()
  const from = (at: number) =>
    Buffer.from(writeFit({ ...ride, startedAt: at, endedAt: at + 5_000, entries: [sample(at)] }))
  expect(await refusal(readers, from(now() + 30 * 3_600_000))).toMatch(
    /from the future \(2026-06-02\).*clock/,
  )
  const { place } = await read(readers, from(now() + 20 * 3_600_000))
  place.leave()
})

test('200,000 points in 20 MB are read within a quarter of the memory, and hold nobody up', async () => {
  const file = manyPoints(200_000)
  const readers = open({ heapMegabytes: 128 })
  const delay = monitorEventLoopDelay({ resolution: 5 })
  delay.enable()
  const began = performance.now()
  const { file: recording } = await read(readers, file)
  for (let index = 0; index < recording.pieces; index++) {
    recording.piece(index)
    await setImmediate()
  }
  delay.disable()
  expect(recording.positions).toBe(200_000)
  // Here some 20 ms; a machine that is busy otherwise may hold up whatever it likes, but not for so long.
  expect(delay.max / 1e6).toBeLessThan((performance.now() - began) / 3)
})

test('FIT of more samples than fit on a stack is read', async () => {
  const entries = [...Array(130_000).keys()].map((second) => sample(startedAt + second * 1_000))
  const { file } = await read(open(), writeFit({ ...ride, entries, endedAt: startedAt + 130_000_000 }))
  expect(file.positions).toBe(130_000)
})

test('a file that takes too long is given up, and its thread is free for the next', async () => {
  const readers = open({ timeLimitMs: 1 })
  for (let attempt = 0; attempt < 3; attempt++) {
    expect(await refusal(readers, gpx)).toMatch(/takes longer than/)
  }
})

test('a file that takes too much memory is given up, and ends no more than its thread', async () => {
  expect(await refusal(open({ heapMegabytes: 12 }), manyPoints(100_000))).toMatch(/more memory/)
})

test('two files are read at a time, eight more wait, and no more are taken', async () => {
  const readers = open()
  const threads = countThreads()
  const places = [...Array(10)].map(() => readers.enter() ?? fail('no place'))
  expect(readers.enter()).toBeUndefined()
  // None of them leaves, for the log may take its time.
  const readings = await Promise.all(places.map((place) => place.read(Uint8Array.from(gpx), '')))
  expect(readings.map(({ outcome }) => outcome)).toEqual(Array(10).fill('read'))
  expect(threads).toEqual({ running: 0, most: 2 })
  expect(readers.enter()).toBeUndefined()
  places[0]!.leave()
  expect(readers.enter()).toBeDefined()
})

test('a file that was read hands out nothing any more when it is closed', async () => {
  const readers = open()
  const { file } = await read(readers, gpx)
  expect(file.piece(0)?.[0]?.kind).toBe('start')
  await readers.close()
  expect(file.piece(0)).toBeUndefined()
})

test('closed, it ends what is read, what waits, and takes no more', async () => {
  const readers = open()
  const places = [...Array(4)].map(() => readers.enter() ?? fail('no place'))
  const readings = places.map((place) => place.read(Uint8Array.from(gpx), ''))
  await readers.close()
  for (const reading of readings) expect((await reading).outcome).toBe('closed')
  for (const place of places) place.leave()
  expect(readers.enter()).toBeUndefined()
})

/** Keeps count of this process's threads from now on. */
function countThreads(): { running: number; most: number } {
  const threads = { running: 0, most: 0 }
  const count = (thread: Worker): void => {
    threads.most = Math.max(threads.most, ++threads.running)
    thread.once('exit', () => threads.running--)
  }
  process.on('worker', count)
  onTestFinished(() => void process.off('worker', count))
  return threads
}

function open(options: Partial<Parameters<typeof openReaders>[0]> = {}): Readers {
  const readers = openReaders({ now, ...options })
  onTestFinished(() => readers.close())
  return readers
}

async function read(
  readers: Readers,
  bytes: Uint8Array,
  contentType = '',
): Promise<{ file: ReadFile; place: Place }> {
  const place = readers.enter() ?? fail('no place')
  const reading = await place.read(Uint8Array.from(bytes), contentType)
  return reading.outcome === 'read' ? { file: reading.file, place } : fail(JSON.stringify(reading))
}

async function refusal(readers: Readers, bytes: Uint8Array, contentType = ''): Promise<string> {
  const place = readers.enter() ?? fail('no place')
  const reading = await place.read(Uint8Array.from(bytes), contentType)
  place.leave()
  return reading.outcome === 'refused' ? reading.reason : fail(reading.outcome)
}

function piecesOf(file: ReadFile): (readonly Step[])[] {
  const pieces: (readonly Step[])[] = []
  for (let index = 0; index < file.pieces; index++) pieces.push(file.piece(index) ?? fail('closed'))
  return pieces
}

function sample(at: number) {
  return { kind: 'position', position: { at, latitude: 46, longitude: 14 } } as const
}

function manyPoints(count: number): Buffer {
  const points = [...Array(count).keys()].map((second) => {
    const time = new Date(startedAt + second * 1_000).toISOString()
    return `<trkpt lat="${46 + second / 1e6}" lon="14.505812"><ele>298.4</ele><time>${time}</time></trkpt>`
  })
  return Buffer.from(`<gpx><trk><trkseg>${points.join('\n')}</trkseg></trk></gpx>`)
}
