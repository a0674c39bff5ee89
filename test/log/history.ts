/**
 * What was asked of streams and what was answered, held against what the log has: a history is right if a single process,
 * taking the same commands one by one in the log's order, could have given the same answers.
 */
import { sql } from '@databases/pg'
import { expect } from 'vitest'
import type { CommandOutcome, CommandRequest } from '#log/commands.ts'
import type { Log } from '#log/log.ts'
import { readState } from '#log/read.ts'
import { rideDecider } from '#ride/decider.ts'
import { decodeRideEvent, encodeRideEvent } from '#ride/encoding.ts'
import type { RideEvent } from '#ride/events.ts'
import type { Circumstances, RideCommand, RideRefusal, RideState } from '#ride/ride.ts'

export type Request = CommandRequest<RideCommand, Circumstances>
export type Answer = CommandOutcome<RideRefusal>

/** A command sent once; the same request may be sent again. Times are a count that only grows. */
export interface Attempt {
  readonly request: Request
  readonly began: number
  readonly ended: number
  /** The stream's newest version that anybody had been told of when it began. */
  readonly knownVersion: number
  readonly answer: Answer
}

interface WrittenEvent {
  readonly position: number
  readonly version: number
  readonly event_id: string
  readonly hash: string
  readonly type: string
  readonly data: unknown
}

/** Throws where the stream, or an answer of its attempts, cannot be. All attempts must have ended. */
export async function checkStream(log: Log, streamId: string, attempts: readonly Attempt[]): Promise<void> {
  const written = await readWritten(log, streamId)
  expect(written.map(({ version }) => version)).toEqual(written.map((_, index) => index + 1))
  const states = replay(written, attempts)
  const { actual, isGone } = await readState(log, streamId, streamId)
  const folded = written.map(asRideEvent).reduce<RideState>(rideDecider.evolve, rideDecider.initial)
  expect(actual).toEqual({
    version: written.length,
    state: written.length === 0 ? null : throughJson(folded),
  })
  expect(isGone).toBe(folded.status === 'DELETED')

  const accepted = attempts.filter(({ answer }) => answer.outcome === 'accepted')
  // What was accepted is there, and what is there was accepted: nothing that was refused was written.
  expect(new Set(accepted.map(({ request }) => request.eventId))).toEqual(
    new Set(written.map((event) => event.event_id)),
  )
  expect(new Set(written.map((event) => event.event_id)).size).toBe(written.length)
  for (const attempt of attempts) checkAnswer(attempt, attempts, written, states)
}

async function readWritten(log: Log, streamId: string): Promise<WrittenEvent[]> {
  return log.database.query(sql`
    select position, version, event_id, encode(content_hash, 'hex') as hash, type, data from events
     where partition = ${log.partitionOf(streamId)} and stream_id = ${streamId} order by version`)
}

/** The states that the stream went through, the first at version 0: each event is what its command makes of the one before. */
function replay(written: readonly WrittenEvent[], attempts: readonly Attempt[]): readonly RideState[] {
  const states = [rideDecider.initial as RideState]
  for (const event of written) {
    const before = states.at(-1)!
    const asked = attempts.find(
      ({ request }) => request.eventId === event.event_id && request.contentHash === event.hash,
    )
    if (asked === undefined) throw new Error(`Nobody asked for version ${event.version}`)
    const { command, circumstances } = asked.request
    const decision = rideDecider.decide(command, before, circumstances)
    if (!decision.accepted) throw new Error(`Version ${event.version} should have been refused`)
    expect(event.type).toBe(decision.event.type)
    expect(event.data).toEqual(JSON.parse(encodeRideEvent(decision.event)))
    states.push(rideDecider.evolve(before, asRideEvent(event)))
  }
  return states
}

function checkAnswer(
  attempt: Attempt,
  attempts: readonly Attempt[],
  written: readonly WrittenEvent[],
  states: readonly RideState[],
): void {
  const { request, answer, knownVersion } = attempt
  const event = written.find(({ event_id: id }) => id === request.eventId)
  const isDeleted = states.at(-1)?.status === 'DELETED'
  // Whoever was told of it before is told the same again.
  if (isDeleted && knownVersion === written.length) expect(answer).toEqual({ outcome: 'gone' })
  const same = attempts.filter(
    (other) => other.request.eventId === request.eventId && other.request.contentHash === request.contentHash,
  )
  const first = same.find(({ answer, ended }) => answer.outcome === 'accepted' && ended < attempt.began)
  if (first !== undefined && answer.outcome !== 'gone') expect(answer).toEqual(first.answer)
  switch (answer.outcome) {
    case 'accepted':
      expect(event).toMatchObject({
        version: answer.version,
        position: answer.position,
        hash: request.contentHash,
      })
      expect(request.expectedVersion ?? answer.version - 1).toBe(answer.version - 1)
      return
    case 'id taken':
      expect(event?.hash).toBeDefined()
      expect(event?.hash).not.toBe(request.contentHash)
      return
    case 'gone':
      expect(isDeleted).toBe(true)
      return
    case 'overloaded':
      return
    case 'conflict':
    case 'refused': {
      // Right at some version that the stream had after it was asked.
      const possible = states.map((state, version) => ({
        version,
        answer: answerOn(request, state, version),
      }))
      expect(possible.slice(knownVersion)).toContainEqual({ version: expect.any(Number), answer })
      return
    }
    default:
      answer satisfies never
  }
}

/** What is answered on a state, unless the command is accepted. */
function answerOn(
  { command, circumstances, expectedVersion }: Request,
  state: RideState,
  version: number,
): Answer | undefined {
  const decision = rideDecider.decide(command, state, circumstances)
  if (!decision.accepted && rideDecider.outranks(decision.refusal)) {
    return { outcome: 'refused', refusal: decision.refusal }
  }
  if (expectedVersion !== undefined && expectedVersion !== version) {
    return { outcome: 'conflict', actualVersion: version }
  }
  return decision.accepted ? undefined : { outcome: 'refused', refusal: decision.refusal }
}

function asRideEvent({ type, data }: WrittenEvent): RideEvent {
  return decodeRideEvent({ type, schemaVersion: 1, data })
}

function throughJson(state: RideState): unknown {
  return JSON.parse(JSON.stringify(state))
}
