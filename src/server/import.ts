/** POST /rides/import: a recorded file in, a ride out. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { type ForbiddenError, OverloadedError, UnauthenticatedError } from '#api/errors.ts'
import { lackOf, outdated } from '#api/lack.ts'
import type { SameTime } from '#api/ride-at-same-time.ts'
import { isUnavailable } from '#database/faults.ts'
import { writeCursor } from '#log/cursor.ts'
import type { Place, Readers, ReadFile } from '#recordings/read/readers.ts'
import type { Viewer } from '#rights/viewer.ts'
import { notSampled, readTraceparent } from '#telemetry/traceparent.ts'
import type { Tracing } from '#telemetry/tracing.ts'
import { type Pace, readBody } from './body.ts'
import { type ImportMeans, type ImportOutcome, importRide } from './import-ride.ts'
import { retryAfterHeader, tooOften } from './limits/rate-limited.ts'
import type { Rates } from './limits/rates.ts'
import type { Refusal, RefusalCode } from './refusal.ts'

export const importPath = '/rides/import'

/** A day at one sample a second is 15 MB of GPX; as FIT, or packed, a twentieth of it. */
const fileBytesBound = 25 * 1024 * 1024

/** A place is held while a file comes: who is silent, or slower than GPRS, gives it back; all of 25 MiB may take 1 Mbit/s. */
const ordinaryPace: Pace = { windowMs: 30_000, windowBytes: 32 * 1024, windows: 9 }

export interface ImportOptions extends Omit<ImportMeans, 'traceparent' | 'riderId' | 'rideAtSameTime'> {
  readonly readers: Readers
  readonly pace?: Pace
  /** Of positions; left out where nothing is counted. */
  readonly rates?: Rates
  rideAtSameTime(riderId: string, time: SameTime): Promise<string | undefined>
  readonly tracing?: Tracing | undefined
  readonly onRefusal?: (code: string) => void
}

/** What is refused already is still read, or its sender would not see why. */
export type Import = (
  request: IncomingMessage,
  response: ServerResponse,
  viewer: Viewer,
  refusal?: Refusal,
) => Promise<void>

interface Answer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string | number>>
  readonly body: Readonly<Record<string, unknown>>
}

export function createImport({
  readers,
  pace = ordinaryPace,
  rates,
  rideAtSameTime,
  tracing,
  onRefusal,
  ...means
}: ImportOptions): Import {
  return async (request, response, viewer, refused) => {
    const { riderId } = viewer
    const refusal =
      refusalOf(request) ?? (refused && answerTo(refused)) ?? lacking(lackOf(viewer, 'rides:write'))
    const answer =
      refusal === undefined && riderId !== null
        ? await takeIn(request, riderId, viewer)
        : await withBodyRead(request, refusal ?? lacking(new UnauthenticatedError()), pace)
    if (answer === 'client gone') {
      request.destroy()
      return
    }
    // What was refused before it came here was told of there.
    if (refused === undefined && 'code' in answer.body) onRefusal?.(String(answer.body['code']))
    // Of a body that was not read to its end, nothing may be taken for the next request.
    if (!request.complete) response.setHeader('connection', 'close')
    response
      .writeHead(answer.status, {
        'content-type': 'application/json; charset=utf-8',
        'cache-control': 'no-store',
        ...answer.headers,
      })
      .end(JSON.stringify(answer.body))
  }

  async function takeIn(
    request: IncomingMessage,
    riderId: string,
    viewer: Viewer,
  ): Promise<Answer | 'client gone'> {
    const place = readers.enter()
    if (place === undefined) return withBodyRead(request, overloaded, pace)
    try {
      let body: Buffer | 'too large' | 'too slow'
      try {
        body = await readBody(request, fileBytesBound, pace)
      } catch {
        return 'client gone'
      }
      if (body === 'too large') return tooLarge
      if (body === 'too slow') return tooSlow
      return await importBody(body, place, request, riderId, viewer)
    } finally {
      place.leave()
    }
  }

  async function importBody(
    body: Buffer,
    place: Place,
    { headers, url }: IncomingMessage,
    riderId: string,
    viewer: Viewer,
  ): Promise<Answer> {
    const reading = await place.read(body, headers['content-type'] ?? '')
    if (reading.outcome === 'closed') return overloaded
    if (reading.outcome === 'refused') return invalid(reading.reason)
    const { file } = reading
    // A file takes minutes to come: whoever has left meanwhile has no rides.
    const fault = outdated(viewer)
    if (fault !== undefined) return error(401, 'UNAUTHENTICATED', fault.message)
    const retryAfter = rates?.of(viewer)?.takePositions(file.positions)
    if (retryAfter !== undefined) return tooMany(retryAfter)
    const parent = readTraceparent(headers['traceparent'])
    const span = tracing?.begin(() => `POST ${importPath}`, { parent })
    const unrecorded = tracing === undefined || parent === undefined ? parent : notSampled(parent)
    try {
      const outcome = await importRide(file, {
        ...means,
        riderId,
        traceparent: span?.traceparent ?? unrecorded,
        rideAtSameTime: isToAsk(url) ? (time) => rideAtSameTime(riderId, time) : undefined,
      })
      span?.end({ attributes: { 'slipstream.outcome': outcome.outcome } })
      return answerOf(outcome, file)
    } catch (error) {
      span?.end({ failure: isUnavailable(error) ? 'OVERLOADED' : 'fault' })
      if (isUnavailable(error)) return overloaded
      throw error
    }
  }

  function answerOf(
    outcome: ImportOutcome,
    { positions, leftOut: reasons, lostPlaces }: Omit<ReadFile, 'piece'>,
  ): Answer {
    switch (outcome.outcome) {
      case 'overloaded':
        return overloaded
      case 'deleted':
        return error(409, 'RIDE_NOT_FOUND', deletedMeanwhile)
      case 'refused':
        return invalid(outcome.message)
      case 'at same time':
        return atSameTime(outcome.rideId)
      case 'imported': {
        const { rideId, version, position, status, wasThere } = outcome
        const leftOut = reasons.reduce((sum, { count }) => sum + count, 0)
        // A ride that was there may have been read otherwise, by an earlier version.
        const counts = wasThere ? {} : { positions, leftOut, leftOutReasons: reasons, lostPlaces }
        const cursor = writeCursor(means.log, { streamId: rideId, version, position })
        return {
          status: wasThere ? 200 : 201,
          headers: { location: `/rides/${rideId}` },
          body: { rideId, version, cursor, status, ...counts, alreadyImported: wasThere },
        }
      }
      default:
        return outcome satisfies never
    }
  }
}

/** Who is still sending would not see the answer. */
async function withBodyRead(
  request: IncomingMessage,
  answer: Answer,
  pace: Pace,
): Promise<Answer | 'client gone'> {
  return readBody(request, 0, pace).then(
    () => answer,
    () => 'client gone',
  )
}

function refusalOf(request: IncomingMessage): Answer | undefined {
  if (request.method !== 'POST') {
    const message = 'A recording is imported by POST, with the file as the body.'
    return { ...error(405, 'INVALID_INPUT', message), headers: { allow: 'POST' } }
  }
  return undefined
}

function answerTo({ status, code, message, retryAfter }: Refusal): Answer {
  return { status, body: { code, message, retryAfter } }
}

function tooMany(retryAfter: number): Answer {
  const refusal = { status: 429, code: 'RATE_LIMITED', message: tooOften(retryAfter), retryAfter } as const
  return { ...answerTo(refusal), headers: retryAfterHeader(retryAfter) }
}

function lacking(lack: UnauthenticatedError | ForbiddenError): Answer
function lacking(lack: UnauthenticatedError | ForbiddenError | undefined): Answer | undefined
function lacking(lack: UnauthenticatedError | ForbiddenError | undefined): Answer | undefined {
  return lack && error(lack.code === 'FORBIDDEN' ? 403 : 401, lack.code, lack.message)
}

function error(status: number, code: RefusalCode, message: string): Answer {
  return { status, body: { code, message } }
}

function invalid(message: string): Answer {
  return error(422, 'INVALID_INPUT', message)
}

/** Where the rider is there to be asked: whoever says nothing has sent the file to be imported. */
function isToAsk(url = ''): boolean {
  return new URLSearchParams(url.split('?')[1]).get('sameTime') === 'ask'
}

function atSameTime(rideId: string): Answer {
  const message =
    'There is already a ride at this time. Send the file without `sameTime` to import it all the same.'
  return { status: 409, body: { code: 'RIDE_AT_SAME_TIME' satisfies RefusalCode, message, rideId } }
}

const tooLarge = error(
  413,
  'INVALID_INPUT',
  `The file is over ${fileBytesBound / 1024 / 1024} MiB. Pack it by gzip, or export the activity as FIT.`,
)

const tooSlow = error(
  408,
  'TOO_SLOW',
  'The file came too slowly to wait for all of it. Send it again where the connection is better, or packed by gzip.',
)

const overloaded = ((): Answer => {
  const { code, retryAfter } = new OverloadedError()
  const message =
    'The server cannot take this on right now. Send the file again: what was recorded of it is not doubled.'
  return { ...error(503, code, message), headers: { 'retry-after': retryAfter } }
})()

const deletedMeanwhile =
  'The ride was deleted while it was imported. Send the file again where it is to be there after all.'
