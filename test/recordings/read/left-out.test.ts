/** What of a file is not in its recording is said, by reason. */
import { fail } from 'node:assert'
import { expect, test } from 'vitest'
import { countIn, planOf } from '#recordings/plan.ts'
import { readRecording } from '#recordings/read/read.ts'
import { writeFit } from '../write-fit.ts'
import { writeGpx } from '../write-gpx.ts'
import { writeTcx } from '../write-tcx.ts'

const startedAt = Date.UTC(2026, 4, 1, 8)
const samples = [...Array(61).keys()].map((second) => {
  return { at: startedAt + second * 1_000, latitude: 46 + second / 20_000, longitude: 14.5 }
})
const entries = samples.map((position) => ({ kind: 'position', position }) as const)
const ride = { name: 'Home', startedAt, endedAt: startedAt + 60_000, entries }

/** The first point without a time, the second of an unset clock, and the third at no place on Earth. */
const faults = [
  (point: string) => point.replace(/<time>[^<]*<\/time>/i, ''),
  (point: string) => point.replace(/(<time>)[^<]*/i, '$11970-01-01T00:00:07Z'),
  (point: string) => point.replace(/lat="|<LatitudeDegrees>/, '$&9'),
]
const said = [
  { reason: 'NO_TIME', count: 1 },
  { reason: 'CLOCK_NOT_SET', count: 1 },
]

test.each([
  ['GPX', writeGpx(ride), /<trkpt.*?<\/trkpt>/gs],
  ['TCX', writeTcx(ride), /<Trackpoint>.*?<\/Trackpoint>/gs],
] as const)('of %s', async (_, file, points) => {
  let count = 0
  const spoilt = file.replaceAll(points, (point) => faults[count++]?.(point) ?? point)
  expect(await read(Buffer.from(file))).toEqual({ samples: 61, fixes: 61, leftOut: [], lostPlaces: 0 })
  expect(await read(Buffer.from(spoilt))).toEqual({ samples: 59, fixes: 58, leftOut: said, lostPlaces: 1 })
})

const unsetClock = Date.UTC(1989, 11, 31, 0, 0, 7)

test('of FIT', async () => {
  const [first, second, ...others] = samples
  const spoilt = [{ ...first!, at: unsetClock }, { ...second!, latitude: 120 }, ...others].map(
    (position) => ({ kind: 'position', position }) as const,
  )
  const file = writeFit({ ...ride, startedAt: others[0]!.at, entries: spoilt })
  expect(await read(file)).toEqual({ samples: 60, fixes: 59, leftOut: [said[1]], lostPlaces: 1 })
})

test.each([true, false])(
  'a FIT file of nothing else is told what is wrong (with a session: %s)',
  async (isStated) => {
    const entries = samples.map(
      (position, second) =>
        ({ kind: 'position', position: { ...position, at: unsetClock + second * 1_000 } }) as const,
    )
    const file = writeFit({ ...ride, entries }, { withoutSession: !isStated })
    expect(await readRecording(file)).toEqual({
      outcome: 'refused',
      reason: expect.stringMatching(/before 1980.*clock of its device was not set/),
    })
  },
)

test('what has no place and lies in the last pause is counted once, as left out', async () => {
  const pausedAt = startedAt + 57_000
  const entries = [
    ...samples.slice(0, 58),
    { at: pausedAt },
    ...[58, 59, 60].map((second) => ({ ...samples[second]!, ...(second > 58 && { latitude: 120 }) })),
  ].map((one) =>
    'latitude' in one
      ? ({ kind: 'position', position: one } as const)
      : ({ kind: 'pause', at: one.at } as const),
  )
  const reading = await readRecording(writeFit({ ...ride, entries }))
  if (reading.outcome === 'refused') fail(reading.reason)
  const { steps, positions, leftOut } = planOf(reading.recording)
  expect([...reading.leftOut, ...leftOut]).toEqual([{ reason: 'LAST_PAUSE', count: 3 }])
  expect([positions, countIn(steps, reading.lostPlaces)]).toEqual([58, 0])
})

async function read(bytes: Uint8Array) {
  const outcome = await readRecording(bytes)
  if (outcome.outcome === 'refused') fail(outcome.reason)
  const { recording, leftOut, lostPlaces } = outcome
  const positions = recording.entries.flatMap((entry) => (entry.kind === 'position' ? [entry.position] : []))
  const fixes = positions.filter(({ latitude }) => latitude !== undefined).length
  return { samples: positions.length, fixes, leftOut, lostPlaces: lostPlaces.size }
}
