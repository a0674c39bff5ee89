/** GET /rides/{id}.gpx, .tcx and .geojson: a finished ride as a file, for whoever may see the ride. */
import { createHash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setImmediate } from 'node:timers/promises'
import { OverloadedError } from '#api/errors.ts'
import type { Loaders } from '#api/loaders.ts'
import { titleOf } from '#api/ride.ts'
import type { RideRow } from '#api/ride-rows.ts'
import type { RouteRow } from '#api/route-rows.ts'
import { isUnavailable } from '#database/faults.ts'
import type { ExportedRide } from '#recordings/write/exported-ride.ts'
import { writeGeoJson } from '#recordings/write/write-geojson.ts'
import { writeGpx } from '#recordings/write/write-gpx.ts'
import { writeTcx } from '#recordings/write/write-tcx.ts'
import type { TrackStatistics } from '#ride/track/statistics.ts'
import { contentDisposition } from './download-name.ts'

export interface Exports {
  /** Answers requests for files of rides, and says whether it did: other paths are left to others. */
  handle(request: IncomingMessage, response: ServerResponse, path: string): Promise<boolean>
}

/** Goes up by one whenever a file of the same ride comes out otherwise than before. */
const revision = 1

const formats = {
  gpx: { type: 'application/gpx+xml', write: writeGpx },
  tcx: { type: 'application/vnd.garmin.tcx+xml', write: writeTcx },
  geojson: { type: 'application/geo+json', write: writeGeoJson },
} as const
type Extension = keyof typeof formats

const filePath = /^\/rides\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.(gpx|tcx|geojson)$/i

/** `openLoaders` is called for each request: they give what its viewer may see, as in GraphQL. */
export function createExports(openLoaders: () => Loaders): Exports {
  return {
    async handle(request, response, path) {
      const [, id, extension] = filePath.exec(path) ?? []
      if (id === undefined || extension === undefined) return false
      try {
        await answer(request, response, id.toLowerCase(), extension.toLowerCase() as Extension)
      } catch (error) {
        if (!isUnavailable(error) || response.headersSent) throw error
        const { retryAfter } = new OverloadedError()
        response.setHeader('retry-after', retryAfter)
        say(response, 503, 'The server cannot take this on right now. Ask again in a moment.')
      }
      return true
    },
  }

  async function answer(
    { method, headers }: IncomingMessage,
    response: ServerResponse,
    rideId: string,
    extension: Extension,
  ): Promise<void> {
    if (method !== 'GET' && method !== 'HEAD') {
      response.setHeader('allow', 'GET, HEAD')
      return say(response, 405, 'A file of a ride can only be fetched: ask by GET.')
    }
    const { rideLoader, routeLoader, trackLoader } = openLoaders()
    const ride = await rideLoader.load(rideId)
    if (ride === null) return say(response, 404, noRide)
    if (ride.status !== 'FINISHED') {
      return say(response, 404, 'The ride is not finished yet. Ask again when its status is FINISHED.')
    }
    const route = await routeLoader.load(rideId)
    if (route === null) return say(response, 404, noRide)
    const { type, write } = formats[extension]
    const etag = etagOf(ride, route, extension)
    const caching = { etag, 'cache-control': 'private, no-cache' }
    if (matches(headers['if-none-match'], etag)) {
      response.writeHead(304, caching).end()
      return
    }
    const track = await trackLoader.load(rideId)
    if (track === null) {
      response.setHeader('retry-after', 60)
      return say(
        response,
        503,
        'The tables that files are made from are being built anew. Ask again in a minute.',
      )
    }
    response.writeHead(200, {
      ...caching,
      'content-type': type,
      'content-disposition': contentDisposition(titleOf(ride), extension),
      'x-content-type-options': 'nosniff',
    })
    if (method === 'HEAD') {
      response.end()
      return
    }
    const exported: ExportedRide = {
      id: rideId,
      title: titleOf(ride),
      description: ride.description,
      track,
      statistics: statisticsIn(route),
    }
    await stream(write(exported), response)
  }
}

const noRide = 'There is no such ride, or none that you may see.'

function statisticsIn(route: RouteRow): TrackStatistics {
  return {
    distance: route.distance,
    elapsedTime: route.elapsedTime,
    timerTime: route.timerTime,
    movingTime: route.movingTime,
    maxSpeed: route.maxSpeed,
    elevationGain: route.elevationGain,
    elevationLoss: route.elevationLoss,
    averageHeartRate: route.averageHeartRate,
    maxHeartRate: route.maxHeartRate,
    averageCadence: route.averageCadence,
    averagePower: route.averagePower,
  }
}

/** Of all that a file is made from: tables that were built anew by a better rule show in the statistics. */
function etagOf({ rideId, version }: RideRow, route: RouteRow, extension: Extension): string {
  const made = JSON.stringify([rideId, version, extension, revision, statisticsIn(route)])
  return `"${createHash('sha256').update(made).digest('base64url').slice(0, 27)}"`
}

/** RFC 9110, 13.1.2: any of a list, compared weakly. */
function matches(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false
  return header.trim() === '*' || header.split(',').some((one) => one.trim().replace(/^W\//, '') === etag)
}

/** Characters: so much is written while nothing else of the process gets its turn, in about half a millisecond. */
const chunkLength = 65_536

/** As fast as the reader takes it; one that goes away ends it. */
async function stream(lines: Iterable<string>, response: ServerResponse): Promise<void> {
  try {
    await pipeline(Readable.from(chunksOf(lines), { highWaterMark: 1 }), response)
  } catch (error) {
    if (!isGoneAway(error)) throw error
  }
}

async function* chunksOf(lines: Iterable<string>): AsyncGenerator<string> {
  let chunk = ''
  for (const line of lines) {
    chunk += line
    if (chunk.length < chunkLength) continue
    yield chunk
    chunk = ''
    // A socket that takes all at once never lets go by itself: a file of 60 MB held everybody up for 0.8 s.
    await setImmediate()
  }
  if (chunk !== '') yield chunk
}

function isGoneAway(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return code === 'ERR_STREAM_PREMATURE_CLOSE' || code === 'ECONNRESET' || code === 'EPIPE'
}

function say(response: ServerResponse, status: number, sentence: string): void {
  response
    .writeHead(status, {
      'content-type': 'text/plain; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    })
    .end(`${sentence}\n`)
}
