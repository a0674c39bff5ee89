/**
 * After the ride's end: waiting for the service to have processed it, and asking what it made of it.
 */

import { z } from 'zod'
import type { Clock } from './clock.ts'
import type { Connection } from './connection.ts'
import { answerOfErrors, type Operation } from './operations.ts'
import { backoffMs } from './replay.ts'

export interface FinishMeans {
  readonly connection: Pick<Connection, 'execute' | 'subscribe'>
  readonly clock: Clock
  readonly random: () => number
  readonly signal: AbortSignal
  readonly tell: (news: { readonly kind: 'waiting'; readonly reason: string }) => void
}

export type FinishOutcome =
  | {
      readonly outcome: 'known'
      readonly status: string
      /** Metres; undefined where the service shows none. */
      readonly distance: number | undefined
    }
  /** Deleted, or not for whoever has this token. */
  | { readonly outcome: 'unseen' }
  | { readonly outcome: 'stopped' }
  | { readonly outcome: 'refused'; readonly message: string }

/**
 * Follows the ride behind `cursor` until it is FINISHED, through losses of the connection, then asks for its
 * distance.
 */
export async function awaitFinish(
  rideId: string,
  cursor: string,
  means: FinishMeans,
): Promise<FinishOutcome> {
  let after = cursor
  let version = 0
  for (let attempt = 0; !means.signal.aborted; attempt++) {
    let trouble: ReturnType<typeof answerOfErrors> | undefined
    const onResult = (data: unknown, errors: Parameters<typeof answerOfErrors>[0]): void => {
      const item = feed.safeParse(data)
      if (!item.success) {
        trouble = answerOfErrors(errors)
        return
      }
      attempt = 0
      after = item.data.rideFeed.cursor
      version = item.data.rideFeed.version
    }
    const ending = await means.connection.subscribe(feedOperation(rideId, after), onResult, means.signal)
    if (ending.kind === 'rejected') return { outcome: 'refused', message: ending.message }
    if (trouble?.kind === 'refused') {
      return isNotFound(trouble) ? { outcome: 'unseen' } : { outcome: 'refused', message: trouble.message }
    }
    if (ending.kind === 'complete' && trouble === undefined) return summary(rideId, version, means)
    await backOff(trouble?.message ?? (ending.kind === 'lost' ? ending.message : ''), attempt, means)
  }
  return { outcome: 'stopped' }
}

async function summary(rideId: string, minVersion: number, means: FinishMeans): Promise<FinishOutcome> {
  for (let attempt = 0; !means.signal.aborted; attempt++) {
    const execution = await means.connection.execute(rideOperation(rideId, minVersion))
    if (execution.kind === 'rejected') return { outcome: 'refused', message: execution.message }
    if (execution.kind === 'lost') {
      await backOff(execution.message, attempt, means)
      continue
    }
    const answer = shown.safeParse(execution.data)
    if (answer.success) {
      if (answer.data.ride === null) return { outcome: 'unseen' }
      const { status, statistics } = answer.data.ride
      return { outcome: 'known', status, distance: statistics?.distance }
    }
    const trouble = answerOfErrors(execution.errors)
    if (trouble.kind === 'refused') return { outcome: 'refused', message: trouble.message }
    await backOff(trouble.message, attempt, means)
  }
  return { outcome: 'stopped' }
}

function isNotFound({ code }: { readonly code: string }): boolean {
  return code === 'RIDE_NOT_FOUND'
}

async function backOff(reason: string, attempt: number, means: FinishMeans): Promise<void> {
  if (means.signal.aborted) return
  means.tell({ kind: 'waiting', reason })
  await means.clock.wait(backoffMs(attempt, means.random), means.signal)
}

const feed = z.object({ rideFeed: z.object({ cursor: z.string(), version: z.number(), status: z.string() }) })

const shown = z.object({
  ride: z
    .object({ status: z.string(), statistics: z.object({ distance: z.number() }).nullable() })
    .nullable(),
})

function feedOperation(rideId: string, after: string): Operation {
  return {
    query: /* GraphQL */ `subscription Finish($rideId: ID!, $after: Cursor) {
  rideFeed(rideId: $rideId, after: $after, until: FINISHED) { cursor version status }
}`,
    variables: { rideId, after },
  }
}

function rideOperation(rideId: string, minVersion: number): Operation {
  return {
    query: /* GraphQL */ `query Summary($rideId: ID!, $minVersion: Int) {
  ride(id: $rideId, minVersion: $minVersion) { status statistics { distance } }
}`,
    variables: { rideId, ...(minVersion === 0 ? {} : { minVersion }) },
  }
}
