/** GET /account/export.zip: all that there is of a rider, for himself. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { OverloadedError, UnauthenticatedError } from '#api/errors.ts'
import { lackOf } from '#api/lack.ts'
import { isUnavailable } from '#database/faults.ts'
import { isSignedIn, type Viewer } from '#rights/viewer.ts'
import { type ArchiveMeans, archiveOf, type Owned } from './account-archive.ts'
import { retryAfterHeader, tooOften } from './limits/rate-limited.ts'
import { countedKey, type Rates } from './limits/rates.ts'
import { type Refusal, refuse } from './refusal.ts'
import { streamZip } from './stream-zip.ts'

export const accountExportPath = '/account/export.zip'

export interface AccountExportOptions extends Omit<ArchiveMeans, 'isCurrent'> {
  /** All but the rides; undefined where there is no such rider. */
  readonly ownedBy: (riderId: string) => Promise<Owned | undefined>
  readonly rates: Rates
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** It is not given, by the code that says why. */
  readonly onRefusal?: (code: string) => void
}

export type AccountExport = (
  request: IncomingMessage,
  response: ServerResponse,
  viewer: Viewer,
) => Promise<void>

/** As much as the dearest operation, each time. */
const cost = 5_000
/** In this process. Each reads one ride at a time, as fast as its reader takes it. */
const mostAtATime = 8
/** Seconds. */
const whileOneIsUnderWay = 10

export function createAccountExport(options: AccountExportOptions): AccountExport {
  const { ownedBy, rates, now, onRefusal, ...means } = options
  /** Whose. */
  const underWay = new Set<string>()

  return async (request, response, viewer) => {
    const refusal = refusalOf(request) ?? lacking(viewer)
    const { riderId } = viewer
    if (refusal !== undefined || riderId === null) return no(response, refusal ?? unauthenticated)
    if (request.method === 'HEAD') {
      response.writeHead(200, headersAt(new Date(now()))).end()
      return
    }
    const key = countedKey(viewer)
    const busy = underWay.has(key) ? oneIsUnderWay : underWay.size >= mostAtATime ? overloaded() : undefined
    if (busy !== undefined) return no(response, busy)
    const retryAfter = rates.of(viewer)?.takeCost(cost)
    if (retryAfter !== undefined) {
      return no(response, { status: 429, code: 'RATE_LIMITED', message: tooOften(retryAfter), retryAfter })
    }
    underWay.add(key)
    try {
      await answer(response, riderId, viewer)
    } catch (error) {
      // What has begun is cut off (`server.ts`): it is not to be taken for whole.
      if (!isUnavailable(error) || response.headersSent) throw error
      no(response, overloaded())
    } finally {
      underWay.delete(key)
    }
  }

  async function answer(response: ServerResponse, riderId: string, viewer: Viewer): Promise<void> {
    const found = await ownedBy(riderId)
    if (found === undefined) return no(response, unauthenticated)
    const owned = isSignedIn(viewer) ? found : withoutAccount(found)
    const at = new Date(now())
    response.writeHead(200, headersAt(at))
    await streamZip(archiveOf(owned, at, { ...means, isCurrent: () => viewer.isCurrent() }), response)
  }

  function no(response: ServerResponse, refusal: Refusal): void {
    const { status, retryAfter } = refusal
    if (status === 405) response.setHeader('allow', 'GET, HEAD')
    if (retryAfter !== undefined)
      response.setHeader('retry-after', retryAfterHeader(retryAfter)['retry-after'])
    onRefusal?.(refusal.code)
    refuse(response, refusal)
  }
}

function withoutAccount({ account: _, ...owned }: Owned): Owned {
  return owned
}

function headersAt(at: Date): Record<string, string> {
  return {
    'content-type': 'application/zip',
    'content-disposition': `attachment; filename="Slipstream ${at.toISOString().slice(0, 10)}.zip"`,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  }
}

function refusalOf({ method }: IncomingMessage): Refusal | undefined {
  if (method === 'GET' || method === 'HEAD') return undefined
  const message = 'What there is of you can only be fetched here: ask by GET.'
  return { status: 405, code: 'INVALID_INPUT', message }
}

function lacking(viewer: Viewer): Refusal | undefined {
  const lack = lackOf(viewer, 'rides:read')
  return lack && { status: lack.code === 'FORBIDDEN' ? 403 : 401, code: lack.code, message: lack.message }
}

const unauthenticated: Refusal = {
  status: 401,
  code: 'UNAUTHENTICATED',
  message: new UnauthenticatedError().message,
}

const oneIsUnderWay: Refusal = {
  status: 429,
  code: 'RATE_LIMITED',
  message: 'One such archive is on its way to you already. Ask again when it is there.',
  retryAfter: whileOneIsUnderWay,
}

function overloaded(): Refusal {
  const { retryAfter } = new OverloadedError()
  const message = 'The server cannot take this on right now. Ask again in a moment.'
  return { status: 503, code: 'OVERLOADED', message, retryAfter }
}
