/** GET /rides/{id}.gpx, .tcx and .geojson: a finished ride as a file, for whoever may see the ride. */
import { createHash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { OverloadedError } from '#api/errors.ts'
import type { Loaders } from '#api/loaders.ts'
import { titleOf } from '#api/ride.ts'
import type { RideRow } from '#api/ride-row.ts'
import type { RouteRow } from '#api/route-row.ts'
import { isUuid } from '#api/uuid.ts'
import { isUnavailable } from '#database/faults.ts'
import type { ExportedRide } from '#recordings/write/exported-ride.ts'
import { writeGeoJson } from '#recordings/write/write-geojson.ts'
import { writeGpx } from '#recordings/write/write-gpx.ts'
import { writeTcx } from '#recordings/write/write-tcx.ts'
import type { TrackStatistics } from '#ride/track/statistics.ts'
import type { Viewer } from '#rights/viewer.ts'
import { contentDisposition, dayOf } from './download-name.ts'
import { type RefusalCode, refuse } from './refusal.ts'
import { type Coding, codingFor, streamFile } from './stream-file.ts'

export interface Exports {
  /** Answers a request for such a path. */
  handle(request: IncomingMessage, response: ServerResponse, path: string, viewer: Viewer): Promise<void>
}

/** Goes up by one whenever a file of the same ride comes out otherwise than before. */
const revision = 2

const formats = {
  gpx: { type: 'application/gpx+xml', write: writeGpx },
  tcx: { type: 'application/vnd.garmin.tcx+xml', write: writeTcx },
  geojson: { type: 'application/geo+json', write: writeGeoJson },
} as const
type Extension = keyof typeof formats

function isExtension(extension: string): extension is Extension {
  return Object.hasOwn(formats, extension)
}

/** Whatever has an extension is meant as a file, and no page of the app. */
const filePath = /^\/rides\/([^/]*)\.([^/.]*\/*)$/

export function isExportPath(path: string): boolean {
  return filePath.test(path)
}

/**
 * @param openLoaders is called for each request: they give what its viewer may see, as in GraphQL.
 * @param onRefusal a file is not given, by the code that says why.
 */
export function createExports(
  openLoaders: (viewer: Viewer) => Loaders,
  onRefusal: (code: string) => void = () => undefined,
): Exports {
  return {
    async handle(request, response, path, viewer) {
      const [, name, extension] = filePath.exec(path) ?? []
      if (name === undefined || extension === undefined) throw new Error('This is no path of an export')
      try {
        await answer(
          request,
          response,
          { rideId: name.toLowerCase(), extension: extension.toLowerCase() },
          viewer,
        )
      } catch (error) {
        if (!isUnavailable(error) || response.headersSent) throw error
        const { retryAfter } = new OverloadedError()
        response.setHeader('retry-after', retryAfter)
        no(response, 503, 'OVERLOADED', 'The server cannot take this on right now. Ask again in a moment.')
      }
    },
  }

  async function answer(
    { method, headers }: IncomingMessage,
    response: ServerResponse,
    { rideId, extension }: { readonly rideId: string; readonly extension: string },
    viewer: Viewer,
  ): Promise<void> {
    if (method !== 'GET' && method !== 'HEAD') {
      response.setHeader('allow', 'GET, HEAD')
      return no(response, 405, 'INVALID_INPUT', 'A file of a ride can only be fetched: ask by GET.')
    }
    if (!isExtension(extension)) return no(response, 404, 'INVALID_INPUT', noFormat)
    if (!isUuid(rideId)) return no(response, 404, 'INVALID_INPUT', noId)
    const { rideLoader, trackLoader } = openLoaders(viewer)
    const ride = await rideLoader.load(rideId)
    if (ride === null) return no(response, 404, 'RIDE_NOT_FOUND', noRide)
    if (ride.status !== 'FINISHED') return no(response, 409, 'INVALID_TRANSITION', notFinished)
    const { route } = ride
    if (route === null) return no(response, 404, 'RIDE_NOT_FOUND', noRide)
    const { type, write } = formats[extension]
    const coding = codingFor(headers['accept-encoding'])
    const etag = etagOf(ride, route, extension, coding)
    const caching = { etag, 'cache-control': 'private, no-cache', vary: 'accept-encoding, origin' }
    if (matches(headers['if-none-match'], etag)) {
      response.writeHead(304, caching).end()
      return
    }
    // The track is large: nobody loads it for a reader who has gone.
    if (response.destroyed) return
    const track = await trackLoader.load(rideId)
    if (track === null) {
      response.setHeader('retry-after', 60)
      return no(response, 503, 'OVERLOADED', beingBuilt)
    }
    response.writeHead(200, {
      ...caching,
      'content-type': type,
      ...(coding === 'gzip' ? { 'content-encoding': coding } : {}),
      'content-disposition': contentDisposition(
        dayOf(ride.startedAt, ride.timeZone),
        titleOf(ride),
        extension,
      ),
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
    await streamFile(write(exported), response, coding)
  }

  function no(response: ServerResponse, status: number, code: RefusalCode, message: string): void {
    onRefusal(code)
    refuse(response, { status, code, message })
  }
}

const noFormat = `A ride can be fetched as ${Object.keys(formats)
  .map((extension) => `.${extension}`)
  .join(', ')}. Ask for one of these, with nothing behind it.`
const noId =
  'A file is called by the id of its ride: /rides/6f1c2a34-5b6d-4e7f-8a90-b1c2d3e4f506.gpx. Ask so.'
const noRide = 'There is no such ride, or none that you may see.'
const notFinished = 'The ride is not finished yet. Ask again when its status is FINISHED.'
const beingBuilt = 'The tables that files are made from are being built anew. Ask again in a minute.'

export function statisticsIn(route: RouteRow): TrackStatistics {
  return {
    distance: route.distance,
    elapsedTime: route.elapsedTime,
    timerTime: route.timerTime,
    movingTime: route.movingTime,
    averageSpeed: route.averageSpeed,
    maxSpeed: route.maxSpeed,
    elevationGain: route.elevationGain,
    elevationLoss: route.elevationLoss,
    averageHeartRate: route.averageHeartRate,
    maxHeartRate: route.maxHeartRate,
    averageCadence: route.averageCadence,
    averagePower: route.averagePower,
  }
}

/**
 * Of all that a file is made from: tables that were built anew by a better rule show in the statistics. Packed it is another
 * one (RFC 9110, 8.8.3.3).
 */
function etagOf(ride: RideRow, route: RouteRow, extension: Extension, coding: Coding): string {
  const { rideId, version, timeZone } = ride
  const shown = [titleOf(ride), timeZone, statisticsIn(route)]
  const made = JSON.stringify([rideId, version, extension, coding, revision, ...shown])
  return `"${createHash('sha256').update(made).digest('base64url').slice(0, 27)}"`
}

/** RFC 9110, 13.1.2: any of a list, compared weakly. */
function matches(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false
  return header.trim() === '*' || header.split(',').some((one) => one.trim().replace(/^W\//, '') === etag)
}
