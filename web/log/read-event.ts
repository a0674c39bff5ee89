/** Reads one event of a stream, until it is there or a refusal that asking again would not change. */
import type { FollowedServer } from '../graphql/client.ts'
import type { Failure } from '../graphql/failure.ts'
import { insist } from '../graphql/insist.ts'
import { eventContentQuery, type FullEvent } from './documents.ts'

export type EventRead =
  | { readonly status: 'to come' }
  | { readonly status: 'there'; readonly event: FullEvent }
  /** The stream has no such event. */
  | { readonly status: 'missing' }
  | { readonly status: 'failed'; readonly failure: Failure }

/** @param signal ends it; nothing is answered then. */
export async function readEvent(
  server: FollowedServer,
  name: string,
  version: number,
  signal: AbortSignal,
): Promise<EventRead> {
  const answer = await insist(server, eventContentQuery, { name, version }, signal)
  if (!answer.ok) return { status: 'failed', failure: answer.failure }
  const event = answer.data.logStream?.event ?? null
  return event === null ? { status: 'missing' } : { status: 'there', event }
}
