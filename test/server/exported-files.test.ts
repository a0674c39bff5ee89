/** Files of rides, judged by others: the formats' schemas, and a program that reads them. */
import { execFile, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { RecordingEntry } from '#recordings/recording.ts'
import { simulateRide } from '#recordings/simulate/simulate.ts'
import type { ExportedRide } from '#recordings/write/exported-ride.ts'
import { writeGpx } from '#recordings/write/write-gpx.ts'
import { writeTcx } from '#recordings/write/write-tcx.ts'
import { rideOf } from '../recordings/ridden.ts'

const run = promisify(execFile)
/** The formats' schemas, by the names that Debian's package pytrainer gives them (usr/share/pytrainer/schemas). */
const schemas = process.env['TEST_XSD_DIRECTORY'] ?? ''
const formats = [
  { name: 'GPX', write: writeGpx, schema: 'Topografix_gpx11.xsd', gpsbabel: 'gpx' },
  { name: 'TCX', write: writeTcx, schema: 'GarminTrainingCenterDatabase_v2.xsd', gpsbabel: 'gtrnctr' },
]
const hasSchemas =
  spawnSync('xmllint', ['--version']).status === 0 &&
  formats.every(({ schema }) => existsSync(join(schemas, schema)))
const hasGpsbabel = spawnSync('gpsbabel', ['-V']).status === 0

const startedAt = Date.UTC(2026, 4, 1, 8)
const simulated = rideOf(
  simulateRide({ seed: 5, start: { latitude: 46.05, longitude: 14.5 }, startedAt, duration: 1_800 }),
)
const sample = (ms: number, latitude: number, longitude: number): RecordingEntry => {
  const sensors = { heartRate: 0, cadence: 700, power: 9_000, heading: 360, altitude: 0.0000001 }
  return { kind: 'position', position: { at: startedAt + ms, latitude, longitude, ...sensors } }
}
/** What strains a schema: numbers that no byte holds or that are written with an exponent, edges of the map, any text. */
const odd: ExportedRide = {
  ...rideOf({
    name: undefined,
    startedAt,
    endedAt: startedAt + 90_001,
    entries: [
      sample(1, 1e-7, 179.9999999),
      sample(1_250, -2e-7, 180),
      sample(2_500, 3e-7, -180),
      { kind: 'position', position: { at: startedAt + 3_000, heartRate: 300 } },
      { kind: 'pause', at: startedAt + 4_000 },
      { kind: 'resume', at: startedAt + 4_000 },
      { kind: 'pause', at: startedAt + 9_000 },
    ],
  }),
  title: 'R&D <1> "quoted"\u0007 \u{1f6b2} ]]>',
  description: 'Two\r\nlines\tand \ud800 half a character',
}
const unmeasured = rideOf({ name: '', startedAt, endedAt: startedAt + 1, entries: [] })
const rides = Object.entries({ simulated, odd, unmeasured })
const cases = rides.flatMap(([which, ride]) => formats.map((format) => ({ which, ride, ...format })))

let directory: string
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'slipstream-exports-'))
})
afterAll(() => rm(directory, { recursive: true, force: true }))

async function fileOf({ which, ride, name, write }: (typeof cases)[number]): Promise<string> {
  const file = join(directory, `${which}.${name.toLowerCase()}`)
  await writeFile(file, write(ride))
  return file
}

test.for(cases)('$name of a ride ($which) is valid by its schema', async (written, { skip }) => {
  skip(!hasSchemas, "needs xmllint, and the formats' schemas in TEST_XSD_DIRECTORY")
  const schema = join(schemas, written.schema)
  const file = await fileOf(written)
  const { stderr } = await run('xmllint', ['--noout', '--nonet', '--schema', schema, file])
  expect(stderr.trim()).toBe(`${file} validates`)
})

test.for(cases.filter(({ which }) => which !== 'unmeasured'))(
  'gpsbabel reads every fix of $name of a ride ($which)',
  async (written, { skip }) => {
    skip(!hasGpsbabel, 'needs gpsbabel')
    const file = await fileOf(written)
    const { stdout } = await run('gpsbabel', [
      '-t',
      '-i',
      written.gpsbabel,
      '-f',
      file,
      '-o',
      'unicsv',
      '-F',
      '-',
    ])
    const [heading = '', ...rows] = stdout.trim().split('\n')
    const [latitude, longitude] = ['Latitude', 'Longitude'].map((name) => heading.split(',').indexOf(name))
    const places = rows
      .map((row) => row.split(','))
      .map((row) => [row[latitude!], row[longitude!]].map(Number))
    const fixes = written.ride.track.segments.flatMap((segment) => segment.fixes)
    expect(fixes.length).toBeGreaterThan(0)
    expect(places).toHaveLength(fixes.length)
    for (const [index, fix] of fixes.entries()) {
      expect(places[index]?.[0]).toBeCloseTo(fix.latitude, 5)
      // The antimeridian may be named from either side.
      expect(Math.abs(Math.sin((((places[index]?.[1] ?? 0) - fix.longitude) * Math.PI) / 180))).toBeLessThan(
        1e-6,
      )
    }
  },
)
