/**
 * How projections move: what one reading of them says, and two some seconds apart. Pure.
 */
import type { Answer } from '../graphql/client.ts'
import type { Failure } from '../graphql/failure.ts'
import type { ParkedRide, Projection, Standing } from './documents.ts'

export interface Reading {
  /** Milliseconds since 1970. */
  readonly at: number
  readonly projections: readonly Projection[]
}

export interface ProjectionStanding {
  readonly projection: Projection
  /** Over all partitions. */
  readonly position: number
  readonly head: number
  readonly behind: number
  /** How long the first event that it has still to come past has waited, in milliseconds; null where there is none. */
  readonly behindMs: number | null
  /** Events a second; null before there are two readings of it. */
  readonly rate: number | null
  /** 0 to 1. */
  readonly share: number
  /** How long it has still to go, in seconds; null where it comes no nearer to the end. */
  readonly secondsLeft: number | null
}

/** Rates are of this long: shorter ones jump, longer ones come late. */
export const rateWindowMs = 5_000

/** The readings that rates are still made of, with a new one. */
export function remember(readings: readonly Reading[], reading: Reading): readonly Reading[] {
  return [...readings.filter(({ at }) => at >= reading.at - rateWindowMs - 1_000 && at < reading.at), reading]
}

export interface StandingRead {
  readonly readings: readonly Reading[]
  readonly parked: readonly ParkedRide[]
  /** Of the last attempt. */
  readonly failure: Failure | null
}

export const nothingRead: StandingRead = { readings: [], parked: [], failure: null }

/** What is known after an answer: without one what was known stays, and it is known why. @param at milliseconds since 1970. */
export function withStanding(known: StandingRead, answer: Answer<Standing>, at: number): StandingRead {
  if (!answer.ok) return { ...known, failure: answer.failure }
  const { projections, parkedRides: parked } = answer.data
  return { readings: remember(known.readings, { at, projections }), parked, failure: null }
}

/** @param readings the oldest first. */
export function standingsOf(readings: readonly Reading[]): ProjectionStanding[] {
  const newest = readings.at(-1)
  if (newest === undefined) return []
  return newest.projections.map((projection) => {
    const [position, head] = [sumOf(projection, 'position'), sumOf(projection, 'head')]
    const behind = Math.max(0, head - position)
    const before = readings.find((reading) => reading !== newest && findIn(reading, projection) !== undefined)
    const seconds = before === undefined ? 0 : (newest.at - before.at) / 1_000
    const then = before && findIn(before, projection)
    const rate =
      then === undefined || seconds <= 0 ? null : Math.max(0, (position - sumOf(then, 'position')) / seconds)
    const growth = then === undefined || seconds <= 0 ? 0 : (head - sumOf(then, 'head')) / seconds
    const closing = rate === null ? 0 : rate - growth
    return {
      ...{ projection, position, head, behind, rate },
      behindMs: waitedFor(projection, newest.at),
      share: head === 0 ? 1 : Math.min(1, position / head),
      secondsLeft: behind === 0 ? 0 : closing > 0 ? behind / closing : null,
    }
  })
}

function findIn({ projections }: Reading, { name, version }: Projection): Projection | undefined {
  return projections.find((each) => each.name === name && each.version === version)
}

function sumOf({ partitions }: Projection, field: 'position' | 'head'): number {
  return partitions.reduce((sum, partition) => sum + partition[field], 0)
}

function waitedFor({ partitions }: Projection, now: number): number | null {
  const since = partitions.flatMap(({ behindSince }) => (behindSince === null ? [] : Date.parse(behindSince)))
  return since.length === 0 ? null : Math.max(0, now - Math.min(...since))
}
