/** Files that are none, for POST /rides/import, and paths that lead out of the house. */
import { gzipSync } from 'node:zlib'
import type { Random } from '#recordings/simulate/simulate-random.ts'
import { hostileTexts } from './values.ts'

export interface HostileFile {
  readonly type: string
  readonly body: Buffer
}

const gpx = (inside: string, before = '') =>
  `<?xml version="1.0"?>${before}<gpx version="1.1" creator="x" xmlns="http://www.topografix.com/GPX/1/1">${inside}</gpx>`
const point = '<trkpt lat="46" lon="14"><time>2026-05-31T08:00:00Z</time></trkpt>'
const laughs = `<!DOCTYPE g [<!ENTITY a0 "ha">${Array.from({ length: 30 }, (_, index) => `<!ENTITY a${index + 1} "&a${index};&a${index};">`).join('')}]>`

export function hostileFiles(random: Random): Readonly<Record<string, HostileFile>> {
  const xml = (text: string): HostileFile => ({ type: 'application/gpx+xml', body: Buffer.from(text) })
  const bytes = Buffer.from(Array.from({ length: 100_000 }, () => Math.floor(random() * 256)))
  return {
    nothing: xml(''),
    'an entity of a billion': xml(gpx(`<trk><name>&a30;</name><trkseg>${point}</trkseg></trk>`, laughs)),
    'an entity of a file': xml(
      gpx('<trk><name>&a;</name></trk>', '<!DOCTYPE g [<!ENTITY a SYSTEM "file:///etc/passwd">]>'),
    ),
    'a hundred thousand elements deep': xml(gpx('<a>'.repeat(100_000))),
    'a name of a mebibyte': xml(
      gpx(`<trk><name>${'x'.repeat(1024 * 1024)}</name><trkseg>${point}</trkseg></trk>`),
    ),
    'an attribute of eight mebibytes': xml(gpx(`<trk a="${'x'.repeat(8 * 1024 * 1024)}"/>`)),
    'places off the earth': xml(
      gpx(
        `<trk><trkseg><trkpt lat="1e400" lon="-9e99"><time>2026-05-31T08:00:00Z</time></trkpt>${point}</trkseg></trk>`,
      ),
    ),
    'times out of order and out of time': xml(
      gpx(`<trk><trkseg>${point}<trkpt lat="46" lon="14"><time>-99999-01-01T00:00:00Z</time></trkpt>
        <trkpt lat="46" lon="14"><time>275760-09-13T00:00:00Z</time></trkpt></trkseg></trk>`),
    ),
    'a gibibyte, packed': { type: 'application/gzip', body: packedZeros() },
    'packed twice': { type: 'application/gzip', body: gzipSync(gzipSync(gpx(point))) },
    'half a packed file': {
      type: 'application/gzip',
      body: gzipSync(Buffer.concat([bytes, bytes])).subarray(0, 50_000),
    },
    'bytes of no meaning': { type: 'application/octet-stream', body: bytes },
    'a FIT header, and no more': { type: 'application/vnd.ant.fit', body: fit(Buffer.alloc(0)) },
    'FIT records of no meaning': { type: 'application/vnd.ant.fit', body: fit(bytes) },
    'FIT definitions of the largest fields': {
      type: 'application/vnd.ant.fit',
      body: fit(Buffer.alloc(60_000, 0x4f)),
    },
    'a type with lines in it': {
      type: 'text/xml; a="b"',
      body: Buffer.from(gpx(`<trk><name>${hostileTexts['SQL, another statement']}</name></trk>`)),
    },
    'NUL in the name': xml(gpx(`<trk><name>a\u0000b</name><trkseg>${point}</trkseg></trk>`)),
  }
}

/** Zeros pack a thousandfold: a mebibyte that is a gibibyte. */
function packedZeros(): Buffer {
  const member = gzipSync(Buffer.alloc(64 * 1024 * 1024))
  // A file of gzip may have many members.
  return Buffer.concat(Array.from({ length: 16 }, () => member))
}

function fit(records: Buffer): Buffer {
  const header = Buffer.alloc(12)
  header.writeUInt8(12, 0)
  header.writeUInt8(0x20, 1)
  header.writeUInt32LE(records.length, 4)
  header.write('.FIT', 8)
  return Buffer.concat([header, records, Buffer.alloc(2)])
}

export const hostilePaths: readonly string[] = [
  '/rides/..%2f..%2f..%2fetc%2fpasswd.gpx',
  '/rides/%2e%2e/%2e%2e/package.json',
  '/..%2f..%2fpackage.json',
  '/assets/..%5c..%5cpackage.json',
  '/%00',
  '/rides/%00.gpx',
  "/rides/'%20OR%201=1--.gpx",
  '/rides/6f1c2a34-5b6d-4e7f-8a90-b1c2d3e4f506.gpx%00.png',
  '/rides/6f1c2a34-5b6d-4e7f-8a90-b1c2d3e4f506.constructor',
  '/rides/6f1c2a34-5b6d-4e7f-8a90-b1c2d3e4f506.__proto__',
  '/rides/6f1c2a34-5b6d-4e7f-8a90-b1c2d3e4f506.toString',
  '/rides/%ff%fe.tcx',
  '/rides/.geojson',
  `/rides/${'a'.repeat(8_000)}.gpx`,
  `/${'a/'.repeat(4_000)}`,
  '/graphql/../rides/import',
  '/graphql?query=%7B__typename&query=%7B__proto__%7D',
  '/graphql?variables=%7B%22__proto__%22%3A1%7D&query=%7B__typename%7D',
  '/graphql?query=%',
  '/graphql?query=%7B__typename%7D&variables=%5B',
  '/graphql?query=%7B__typename%7D&extensions=nonsense',
  '/graphql?query=mutation%7BdeleteRide(input%3A%7BrideId%3A%22x%22%7D)%7B__typename%7D%7D',
  '//evil.example/%2f..',
  '/metrics/../config.json',
  '/readyz?%00',
]

/** What is sent as the body of an operation. */
export function hostileBodies(): Readonly<Record<string, Buffer>> {
  return {
    nothing: Buffer.alloc(0),
    NUL: Buffer.alloc(1),
    'no JSON': Buffer.from('query { viewer { id } }'),
    null: Buffer.from('null'),
    'a number': Buffer.from('1e999'),
    'a text': Buffer.from('"{ __typename }"'),
    'a list of operations': Buffer.from(`[${'{"query":"{ __typename }"},'.repeat(1_000)}{}]`),
    'a hundred thousand levels': Buffer.from(`${'['.repeat(100_000)}${']'.repeat(100_000)}`),
    'half of UTF-8': Buffer.from([0x7b, 0x22, 0xc3, 0x28, 0xff, 0xfe, 0x22, 0x7d]),
    'a byte order mark': Buffer.from('\ufeff{"query":"{ __typename }"}'),
    'UTF-16': Buffer.from('{"query":"{ __typename }"}', 'utf16le'),
    'a query that is an object': Buffer.from('{"query":{"toString":"x"}}'),
    'a query that is a list': Buffer.from('{"query":["{ __typename }"]}'),
    'a name that is an object': Buffer.from('{"query":"{ __typename }","operationName":{}}'),
    'extensions that are a text': Buffer.from('{"query":"{ __typename }","extensions":"x"}'),
    'a file upload': Buffer.from(
      '--x\r\nContent-Disposition: form-data; name="operations"\r\n\r\n{}\r\n--x--',
    ),
    'just a mebibyte': Buffer.from(`{"query":"{ __typename }","x":"${'x'.repeat(1024 * 1024 - 36)}"}`),
    'sixteen mebibytes': Buffer.alloc(16 * 1024 * 1024, 0x20),
  }
}
