/** The road of a recording through a running Slipstream: imported, processed, and asked for. */
import { z } from 'zod'
import { systemClock } from '#cli/ride/clock.ts'
import { type Connection, openConnection } from '#cli/ride/connection.ts'
import { awaitFinish } from '#cli/ride/finish.ts'
import type { Shown } from './judge.ts'

export type Arrival =
  | { readonly outcome: 'shown'; readonly shown: Shown }
  | { readonly outcome: 'refused'; readonly reason: string }

export interface Road extends AsyncDisposable {
  /** Takes the file all the way, whatever it holds. */
  take(file: Uint8Array<ArrayBuffer>, signal: AbortSignal): Promise<Arrival>
}

/** For one recording, from its first byte to the answer. */
const longestMs = 60_000

/** `url` of the service, as in a browser. */
export function openRoad(url: URL): Road {
  const connection = openConnection({ url, token: undefined })
  return {
    async take(file, stop) {
      const signal = AbortSignal.any([stop, AbortSignal.timeout(longestMs)])
      const imported = await importFile(url, file, signal)
      if ('reason' in imported) return { outcome: 'refused', reason: imported.reason }
      const { rideId, cursor } = imported
      const means = { connection, clock: systemClock, random: Math.random, signal, tell: () => {} }
      const finish = await awaitFinish(rideId, cursor, means)
      if (finish.outcome === 'refused') return { outcome: 'refused', reason: finish.message }
      if (finish.outcome === 'stopped') return { outcome: 'refused', reason: tooLong }
      return shownOf(connection, imported)
    },
    [Symbol.asyncDispose]: () => connection.close(),
  }
}

const tooLong = `It was not FINISHED within ${longestMs / 1_000} s. Whether it is parked, says: npm run projections -- parked`

async function importFile(url: URL, body: Uint8Array<ArrayBuffer>, signal: AbortSignal) {
  try {
    for (;;) {
      const response = await fetch(below(url, 'rides/import'), { method: 'POST', body, signal })
      const answer = imports.safeParse(await response.json())
      if (!answer.success) return { reason: `The import was answered ${response.status}, in no known words.` }
      if (!('code' in answer.data)) return answer.data
      const { code, message } = answer.data
      if (code !== 'OVERLOADED') return { reason: message }
      await systemClock.wait(Number(response.headers.get('retry-after') ?? 1) * 1_000, signal)
    }
  } catch (error) {
    if (!(error instanceof Error)) throw error
    return { reason: signal.aborted ? tooLong : `The import was not answered: ${error.message}.` }
  }
}

/** Whether a Slipstream works there. */
export async function isReady(url: URL): Promise<boolean> {
  try {
    return (await fetch(below(url, 'readyz'))).ok
  } catch {
    return false
  }
}

function below(url: URL, path: string): URL {
  return new URL(path, url.href.endsWith('/') ? url : `${url.href}/`)
}

async function shownOf(connection: Connection, { rideId, leftOutReasons }: Imported): Promise<Arrival> {
  const execution = await connection.execute({ query, variables: { rideId } })
  if (execution.kind !== 'result') return { outcome: 'refused', reason: execution.message }
  const answer = answers.safeParse(execution.data)
  if (!answer.success) {
    const reason =
      execution.errors[0]?.message ?? 'The FINISHED ride has no statistics, no route or no streams.'
    return { outcome: 'refused', reason }
  }
  const { statistics, route, streams } = answer.data.ride
  return {
    outcome: 'shown',
    shown: {
      distance: statistics.distance,
      timer: statistics.timerTime,
      elapsed: statistics.elapsedTime,
      moving: statistics.movingTime,
      gain: statistics.elevationGain,
      positions: streams.latitude.filter((latitude) => latitude !== null).length,
      drawn: route.pointCount,
      leftOut: leftOutReasons,
      excluded: route.excluded,
    },
  }
}

const reasons = z.array(z.object({ reason: z.string(), count: z.number() }))
const importedRide = z.object({ rideId: z.string(), cursor: z.string(), leftOutReasons: reasons.optional() })
type Imported = z.infer<typeof importedRide>
const imports = z.union([importedRide, z.object({ code: z.string(), message: z.string() })])

const query = /* GraphQL */ `query Accepted($rideId: ID!) {
  ride(id: $rideId) {
    statistics { distance timerTime elapsedTime movingTime elevationGain }
    route { pointCount excluded { reason count } }
    streams { latitude }
  }
}`

const answers = z.object({
  ride: z.object({
    statistics: z.object({
      distance: z.number(),
      timerTime: z.number(),
      elapsedTime: z.number(),
      movingTime: z.number(),
      elevationGain: z.number().nullable(),
    }),
    route: z.object({
      pointCount: z.number(),
      excluded: reasons,
    }),
    streams: z.object({ latitude: z.array(z.number().nullable()) }),
  }),
})
