/** The commands that answer at once: what is said, and whether it was done. */
import { sqlState } from '#database/faults.ts'
import type { Administration } from '#projections/administration.ts'
import type { ProjectionName } from '#projections/projection.ts'
import { outcomeText, parkedJson, parkedText, skippedText } from './parked-rides.ts'
import { standings, statusJson, statusText } from './status.ts'

export interface Answer {
  readonly text: string
  readonly isDone: boolean
}

export interface StatusMeans {
  /** Milliseconds, from anywhere. */
  readonly now: () => number
  /** Long enough for a worker's batch, short enough to wait for. */
  readonly pause: () => Promise<void>
  readonly json: boolean
}

export async function status(
  administration: Administration,
  { now, pause, json }: StatusMeans,
): Promise<Answer> {
  const before = await administration.status()
  const from = now()
  await pause()
  const standing = standings(before, await administration.status(), now() - from)
  return done(json ? statusJson(standing) : statusText(standing))
}

/** So many on a screen; a program gets as many as it can hold. */
const most = { onScreen: 100, inJson: 10_000 }

export async function parked(
  administration: Administration,
  { rideId, json }: { readonly rideId: string | undefined; readonly json: boolean },
): Promise<Answer> {
  const rides = await administration.parked({
    ...(rideId === undefined ? {} : { rideId }),
    limit: json ? most.inJson : most.onScreen,
  })
  const total = rideId === undefined ? await parkedInAll(administration) : rides.length
  if (json) return done(parkedJson(rides, total))
  if (rides.length > 0) return done(parkedText(rides, total))
  return done(rideId === undefined ? 'No ride is parked.' : parkedNowhere(rideId))
}

export async function secondChance(
  administration: Administration,
  { command, rideId }: { readonly command: 'retry' | 'skip'; readonly rideId: string },
): Promise<Answer> {
  const before = await administration.parked({ rideId })
  const outcomes = await administration[command](rideId)
  if (outcomes.length === 0) return { isDone: false, text: parkedNowhere(rideId) }
  const lines = outcomes.flatMap((outcome) => {
    const ride = before.find(
      ({ projection, version }) => projection === outcome.projection && version === outcome.version,
    )
    const skipped = command === 'skip' && ride !== undefined ? [skippedText(ride)] : []
    return [...skipped, outcomeText(outcome)]
  })
  return { isDone: outcomes.every(({ outcome }) => outcome === 'applied'), text: lines.join('\n') }
}

const lockNotAvailable = '55P03'

export async function cancel(administration: Administration, name: ProjectionName): Promise<Answer> {
  try {
    const version = await administration.cancel(name)
    return version === undefined
      ? { isDone: false, text: `No version of ${name} is being built.` }
      : done(`${name} ${version} is dropped. The version that is read stays as it is.`)
  } catch (error) {
    if (!(error instanceof Error) || sqlState(error) !== lockNotAvailable) throw error
    const text = 'Somebody reads those tables, perhaps a backup. Nothing was dropped: try again later.'
    return { isDone: false, text }
  }
}

async function parkedInAll(administration: Administration): Promise<number> {
  const standing = await administration.status()
  return standing.reduce((sum, { parkedRides }) => sum + parkedRides, 0)
}

export function noSuchName(name: string): Answer {
  return { isDone: false, text: `No ride of this log is called ${name}.` }
}

function done(text: string): Answer {
  return { isDone: true, text }
}

function parkedNowhere(rideId: string): string {
  return `Ride ${rideId} is parked nowhere.`
}
