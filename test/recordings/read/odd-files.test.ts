/** Files as they come: in any encoding, of any sport, packed, broken, or something else altogether. */
import { fail } from 'node:assert'
import { gzipSync } from 'node:zlib'
import { FitWriter } from '@markw65/fit-file-writer'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readRecording } from '#recordings/read/read.ts'
import type { Recording } from '#recordings/recording.ts'
import { simulateRide } from '#recordings/simulate/simulate.ts'
import { writeFit } from '../write-fit.ts'
import { writeGpx } from '../write-gpx.ts'
import { writeTcx } from '../write-tcx.ts'

const startedAt = Date.UTC(2026, 4, 1, 8)
const ride = {
  ...simulateRide({ seed: 3, start: { latitude: 46.05, longitude: 14.5 }, startedAt, duration: 60 }),
  name: 'Über den Fluß',
}
const gpx = writeGpx(ride)
const tcx = writeTcx(ride)
const utf8 = (text: string): Uint8Array => Buffer.from(text)
const utf16be = (text: string): Uint8Array => Buffer.from(text, 'utf16le').swap16()
const declaring = (encoding: string): string => gpx.replace('UTF-8', encoding)

test.each([
  ['UTF-8 with a byte-order mark', utf8(`\ufeff${gpx}`)],
  ['UTF-16 LE', Buffer.from(declaring('UTF-16'), 'utf16le')],
  ['UTF-16 LE with a byte-order mark', Buffer.from(`\ufeff${declaring('UTF-16')}`, 'utf16le')],
  ['UTF-16 BE', utf16be(declaring('UTF-16'))],
  ['UTF-16 BE with a byte-order mark', utf16be(`\ufeff${declaring('utf-16')}`)],
  ['UTF-8 that says it is UTF-16', utf8(declaring('utf-16'))],
  ['UTF-16 that says it is UTF-8', utf16be(gpx)],
  ['latin1', Buffer.from(declaring('ISO-8859-1'), 'latin1')],
  ['windows-1252', Buffer.from(declaring('windows-1252'), 'latin1')],
  ['UTF-8 without a declaration', utf8(gpx.replace(/^<\?xml.*\n/, ''))],
  ['UTF-8 behind empty lines', utf8(`\n\n ${gpx}`)],
  ['UTF-8 packed by gzip', gzipSync(gpx)],
])('a file in %s is read to the letter', async (_, bytes) => {
  const recording = await read(bytes)
  expect(recording.name).toBe(ride.name)
  expect(recording.entries).toEqual((await read(utf8(gpx))).entries)
})

describe('is read all the same:', () => {
  test('coordinates of thirty digits', async () => {
    const long = gpx.replaceAll(/(lat|lon)="(\d+)\.\d+"/g, `$1="$2.${'123456789'.repeat(4)}"`)
    const { latitude } = positionsOf(await read(utf8(long)))[0]!
    expect(latitude).toBeCloseTo(46.123456789, 9)
  })

  test('a prefix that was declared nowhere', async () => {
    const recording = await read(utf8(gpx.replace(/xmlns:gpxtpx="[^"]*"/, '')))
    expect(positionsOf(recording)[0]!.heartRate).toBe(positionsOf(ride)[0]!.heartRate)
  })

  test('predefined entities, and one of HTML as it is written', async () => {
    const named = gpx.replace(ride.name, '&quot;A &amp; B&quot;&nbsp;&lt;3')
    expect((await read(utf8(named))).name).toBe('"A & B"&nbsp;<3')
  })

  test('a DOCTYPE in a comment', async () => {
    await read(utf8(gpx.replace('<trk>', '<!-- <!DOCTYPE gpx> --><trk>')))
  })

  test('samples from before the device had learned the time are left out', async () => {
    const first = new Date(startedAt).toISOString()
    const recording = await read(utf8(gpx.replace(first, '1970-01-01T00:00:07Z')))
    expect(recording.startedAt).toBe(startedAt + 1_000)
  })

  test.each([
    ['before its first sample, where it idled at the start', -60_000, startedAt - 60_000],
    ['behind its first sample', 60_000, startedAt],
    ['days before its first sample', -3 * 86_400_000, startedAt],
  ])('a start %s', async (_, shift, expected) => {
    const start = new Date(startedAt + shift).toISOString()
    const recording = await read(utf8(tcx.replace(/StartTime="[^"]*"/, `StartTime="${start}"`)))
    expect(recording.startedAt).toBe(expected)
  })
})

describe('is refused, with what to do:', () => {
  test.each([
    ['a gzip file of gzip', gzipSync(gzipSync(gpx)), /packed by gzip twice/],
    ['a gzip file that is truncated', gzipSync(gpx).subarray(0, 500), /gzip file is truncated/],
    ['a gzip file of nothing', gzipSync(''), /empty/],
    ['a gzip file of gigabytes', gzipSync(Buffer.alloc(65 * 1_048_576)), /more than 64 MiB/],
    ['a ZIP archive', utf8('PK\x03\x04\x14\0'), /ZIP archive. Unpack it/],
    ['JSON', utf8('{"type":"FeatureCollection","features":[]}'), /neither GPX, TCX nor FIT/],
    [
      'KML',
      utf8('<?xml version="1.0"?><kml xmlns="http://www.opengis.net/kml/2.2"/>'),
      /another kind \(<kml>\)/,
    ],
    ['a page that was saved as a recording', utf8('<!DOCTYPE html><html><body>Sign in'), /web page.*Sign in/],
    ['a page in XHTML', utf8('<?xml version="1.0"?>\n<html/>'), /web page/],
    ['UTF-16 of no XML', Buffer.from('Lap 1', 'utf16le'), /neither GPX, TCX nor FIT/],
    ['an encoding that nobody knows', utf8(declaring('EBCDIC-7')), /"EBCDIC-7", which is unknown here/],
    ['an entity of its own', utf8(gpx.replace('<gpx', '<!DOCTYPE gpx [<!ENTITY a "b">]><gpx')), /DOCTYPE/],
    ['a billion laughs', utf8(billionLaughs()), /DOCTYPE/],
    ['an external entity', utf8(`<!DOCTYPE gpx SYSTEM "file:///etc/passwd">${gpx.slice(39)}`), /DOCTYPE/],
    ['elements a million deep', utf8(`<gpx>${'<a>'.repeat(1_000_000)}`), /nested more than 64 deep/],
    ['a clock that was never set', utf8(gpx.replaceAll('2026', '1970')), /before 1980.*clock/],
    [
      'coordinates of a hundred thousand digits',
      utf8(gpx.replaceAll('lat="46', `lat="${'4'.repeat(100_000)}`)),
      /no position/,
    ],
    ['coordinates in hexadecimal', utf8(gpx.replaceAll('lat="46', 'lat="0x2e')), /no position/],
  ])('%s', async (_, bytes, reason) => {
    expect(await refusal(bytes)).toMatch(reason)
  })

  test.each([
    ['GPX', 'running', /^This is a run/],
    ['GPX', 'trail_running', /^This is a run/],
    ['GPX', 'VirtualRun', /^This is a run/],
    ['GPX', '9', /^This is a run/],
    ['GPX', 'Hiking', /^This is a hike/],
    ['GPX', 'motorcycling', /^This is a motor ride/],
    ['GPX', 'horseback_riding', /^This is a ride on horseback/],
    ['TCX', 'Running', /^This is a run/],
    ['FIT', 'running', /^This is a run/],
    ['FIT', 'swimming', /^This is a swim/],
  ] as const)('%s of the sport "%s"', async (format, sport, reason) => {
    expect(await refusal(ofSport(format, sport))).toMatch(reason)
  })

  test('a triathlon in FIT, and in TCX, and a GPX file of a walk and a ride', async () => {
    const sessions = ['swimming', 'transition', 'cycling', 'transition', 'running'] as const
    expect(await refusal(fitWith(sessions))).toMatch(/several sports \(a swim, a ride, a run\)/)
    const [activity] = /<Activity .*<\/Activity>/s.exec(tcx)!
    const session =
      `<MultiSportSession><FirstSport>${activity.replace('Biking', 'Other')}</FirstSport>` +
      `<NextSport>${activity}</NextSport><NextSport>${activity.replace('Biking', 'Running')}</NextSport></MultiSportSession>`
    expect(await refusal(utf8(tcx.replace(activity, session)))).toMatch(/several sports \(a ride, a run\)/)
    const [track] = /<trk>.*<\/trk>/s.exec(gpx)!
    const walked = track.replace('cycling', 'walking')
    expect(await refusal(utf8(gpx.replace(track, walked + track)))).toMatch(
      /several sports \(a walk, a ride\)/,
    )
  })
})

test.each([
  ['GPX', 'mountain_biking'],
  ['GPX', 'Ride'],
  ['GPX', 'EBikeRide'],
  ['GPX', 'handcycling'],
  ['GPX', 'something of its own'],
  ['TCX', 'Other'],
  ['FIT', 'generic'],
  ['FIT', 'e_biking'],
] as const)('%s of the sport "%s" is a ride, or may be one', async (format, sport) => {
  expect((await readRecording(ofSport(format, sport))).outcome).toBe('read')
})

test('a FIT file of two rides with a transition between them is one ride', async () => {
  expect((await readRecording(fitWith(['cycling', 'transition', 'cycling']))).outcome).toBe('read')
})

test('no bytes whatever make the reader fail', async () => {
  const headers = [
    ...[writeFit(ride), utf8(gpx), utf8(tcx), gzipSync(gpx)].map((file) => [...file.subarray(0, 60)]),
    [],
  ]
  const file = fc.tuple(fc.constantFrom(...headers), fc.uint8Array({ maxLength: 300 }))
  await fc.assert(
    fc.asyncProperty(file, async ([header, rest]) => {
      const { outcome } = await readRecording(Uint8Array.from([...header, ...rest]))
      expect(outcome).toBe('refused')
    }),
    { numRuns: 300 },
  )
})

test('no damage to a file makes the reader fail', async () => {
  const files = [writeFit(ride), utf8(gpx), utf8(tcx), gzipSync(gpx)]
  const damage = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 5 })
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...files), damage, async (file, changes) => {
      const damaged = Uint8Array.from(file)
      for (const [at, byte] of changes) damaged[at % damaged.length] = byte
      const outcome = await readRecording(damaged)
      if (outcome.outcome === 'refused') expect(outcome.reason).toMatch(/^[A-Z].+\.$/s)
      else expect(outcome.recording.endedAt).toBeGreaterThanOrEqual(outcome.recording.startedAt)
    }),
    { numRuns: 300 },
  )
})

type Format = 'GPX' | 'TCX' | 'FIT'

function ofSport(format: Format, sport: string): Uint8Array {
  if (format === 'GPX') return utf8(gpx.replace('<type>cycling', `<type>${sport}`))
  if (format === 'TCX') return utf8(tcx.replace('Biking', sport))
  return fitWith([sport as 'cycling'])
}

/** A minute, and a session of each sport. */
function fitWith(
  sports: readonly ('generic' | 'cycling' | 'e_biking' | 'running' | 'swimming' | 'transition')[],
): Uint8Array {
  const writer = new FitWriter()
  writer.writeMessage(
    'file_id',
    { type: 'activity', time_created: writer.time(new Date(startedAt)) },
    null,
    true,
  )
  for (const [index, sport] of sports.entries()) {
    const time = writer.time(new Date(startedAt + index * 60_000))
    const place = { position_lat: writer.latlng(0.8), position_long: writer.latlng(0.25) }
    writer.writeMessage('record', { timestamp: time, ...place })
    writer.writeMessage('session', { timestamp: time, start_time: time, total_elapsed_time: 60, sport })
  }
  const view = writer.finish()
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength).slice()
}

function billionLaughs(): string {
  const entities = [...Array(10).keys()].map((n) => `<!ENTITY e${n + 1} "${`&e${n};`.repeat(10)}">`)
  return `<?xml version="1.0"?><!DOCTYPE gpx [<!ENTITY e0 "ha">${entities.join('')}]><gpx><name>&e10;</name></gpx>`
}

function positionsOf({ entries }: Recording) {
  return entries.flatMap((entry) => (entry.kind === 'position' ? [entry.position] : []))
}

async function read(bytes: Uint8Array): Promise<Recording> {
  const outcome = await readRecording(bytes)
  return outcome.outcome === 'read' ? outcome.recording : fail(outcome.reason)
}

async function refusal(bytes: Uint8Array): Promise<string> {
  const outcome = await readRecording(bytes)
  return outcome.outcome === 'refused' ? outcome.reason : fail('the file was read')
}
