/** How the projections stand: two looks, a little apart, show what moves. */
import type { ProjectionStatus } from '#projections/administration.ts'
import { defaultRetiredForMs } from '#projections/workers.ts'
import { type Column, columns, counted, duration, instant, number } from './columns.ts'

export interface Standing extends ProjectionStatus {
  /** Events of the log, over all partitions. */
  readonly position: number
  readonly head: number
  readonly behind: number
  readonly eventsPerSecond: number
  /** It had something to do, and nothing of it was done between the two looks. */
  readonly isStill: boolean
}

/** Of those versions that were there at both looks. */
export function standings(
  before: readonly ProjectionStatus[],
  after: readonly ProjectionStatus[],
  betweenMs: number,
): Standing[] {
  return after.flatMap((status) => {
    const earlier = before.find((each) => isSame(each, status))
    if (earlier === undefined) return []
    const then = summed(earlier)
    const now = summed(status)
    const moved = now.position - then.position
    return {
      ...status,
      ...now,
      behind: now.head - now.position,
      eventsPerSecond: (moved * 1_000) / betweenMs,
      isStill: moved === 0 && then.position < then.head,
    }
  })
}

export function summed({ partitions }: ProjectionStatus): { position: number; head: number } {
  return {
    position: partitions.reduce((sum, { position }) => sum + position, 0),
    head: partitions.reduce((sum, { head }) => sum + head, 0),
  }
}

export function statusText(standing: readonly Standing[]): string {
  return [columns(wanted, standing), ...advice(standing)].join('\n\n')
}

export function statusJson(standing: readonly Standing[]): string {
  const projections = standing.map(({ projection, version, state, since, partitions, ...numbers }) => ({
    projection,
    version,
    state,
    since: new Date(since).toISOString(),
    ...numbers,
    partitions: partitions.map((each) => ({ ...each, behind: each.head - each.position })),
  }))
  return JSON.stringify({ projections }, null, 2)
}

const wanted: readonly Column<Standing>[] = [
  { heading: 'projection', cell: ({ projection }) => projection },
  { heading: 'version', cell: ({ version }) => String(version), isNumber: true },
  { heading: 'state', cell: ({ state }) => state },
  { heading: 'since', cell: ({ since }) => instant(since) },
  { heading: 'events', cell: ({ position }) => number(position), isNumber: true },
  { heading: 'behind', cell: ({ behind }) => number(behind), isNumber: true },
  { heading: 'parked rides', cell: ({ parkedRides }) => number(parkedRides), isNumber: true },
  { heading: 'work', cell: workOf },
]

function workOf(standing: Standing): string {
  const { state, since, behind, eventsPerSecond, isStill } = standing
  if (state === 'retired') return `dropped after ${instant(since + defaultRetiredForMs)}`
  if (waitsForParked(standing)) return 'waits for its parked rides'
  if (isStill) return 'stands still'
  if (behind === 0) return 'up to date'
  if (eventsPerSecond === 0) return 'has just got something to do'
  return `${number(eventsPerSecond)} events/s, ${duration((behind * 1_000) / eventsPerSecond)} left`
}

function advice(standing: readonly Standing[]): string[] {
  const said: string[] = []
  const still = standing.filter(({ isStill, state }) => isStill && state !== 'retired')
  if (still.length > 0) {
    said.push(
      `${listed(still)} did not move. Where no worker runs, start one: npm start, or with ROLE=worker beside a server\nthat has ROLE=api. One that runs may be at a big batch: look again.`,
    )
  }
  const parked = standing.filter(({ parkedRides }) => parkedRides > 0)
  if (parked.length > 0) {
    const each = parked.map(
      ({ projection, version, parkedRides }) => `${counted(parkedRides, 'ride')} in ${projection} ${version}`,
    )
    said.push(`Parked: ${each.join(', ')}. Which, and why: npm run projections -- parked`)
  }
  for (const each of standing) {
    const { projection, version, state } = each
    if (state !== 'building') continue
    const next = waitsForParked(each)
      ? `${projection} ${version} is whole but for its parked rides. Retry or skip them and it is served.`
      : `${projection} ${version} is being built. Join in and watch: npm run projections -- rebuild ${projection}`
    said.push(`${next}\nDrop it: npm run projections -- cancel ${projection}`)
  }
  return said
}

/** It has come to the end; what keeps it from being served are rides that it could not take. */
function waitsForParked({ state, behind, parkedRides }: Standing): boolean {
  return state === 'building' && behind === 0 && parkedRides > 0
}

function listed(versions: readonly Standing[]): string {
  return versions.map(({ projection, version }) => `${projection} ${version}`).join(', ')
}

function isSame(one: ProjectionStatus, other: ProjectionStatus): boolean {
  return one.projection === other.projection && one.version === other.version
}
