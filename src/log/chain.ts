/**
 * A chain of commands for one stream: each is decided on the state that the one before it will have made, so that all can
 * be sent as one entry. Pure: no I/O, and what is decided here is only what to send.
 */
import { recordedTrace } from '#telemetry/traceparent.ts'
import type { AppendEntry } from './append.ts'
import type { CommandOutcome, CommandRequest, Decider } from './commands.ts'

/** A command that waits for its answer. */
export interface Pending<Command, Circumstances, Refusal> {
  readonly request: CommandRequest<Command, Circumstances>
  readonly settle: (outcome: CommandOutcome<Refusal>) => void
  readonly fail: (error: unknown) => void
  /** The same command, sent again while this one is under way. */
  readonly twins: Pending<Command, Circumstances, Refusal>[]
  attempts: number
}

/** A stream as it was last known to be committed. */
export interface Committed<State> {
  readonly version: number
  readonly state: State
}

/** Either a chain to send, or, where the first command is refused on committed state, why. */
export type Chain<State, Item, Refusal> =
  | {
      readonly items: readonly Item[]
      readonly entry: AppendEntry
      readonly state: State
      readonly refused?: undefined
    }
  | { readonly refused: CommandOutcome<Refusal> }

/** Bounds a chain, so that one stream's burst does not make a commit of its own size. */
const longestChain = 100

/** Takes what can be sent as one entry from the front of `waiting`, which must not be empty; all or, where it throws, nothing. */
export function takeChain<State, Command, Event, Circumstances, Refusal>(
  decider: Decider<State, Command, Event, Circumstances, Refusal>,
  streamId: string,
  committed: Committed<State>,
  waiting: Pending<Command, Circumstances, Refusal>[],
): Chain<State, Pending<Command, Circumstances, Refusal>, Refusal> {
  type Item = Pending<Command, Circumstances, Refusal>
  const chained = new Map<string, { readonly item: Item; readonly event: Event; readonly twins: Item[] }>()
  let state = committed.state
  let taken = 0
  for (const item of waiting) {
    if (chained.size === longestChain) break
    const { eventId, contentHash, command, circumstances, expectedVersion } = item.request
    const twin = chained.get(eventId)
    if (twin !== undefined) {
      const { request } = twin.item
      if (request.contentHash !== contentHash || request.expectedVersion !== expectedVersion) break
      twin.twins.push(item)
      taken++
      continue
    }
    // What a client expects is judged against what is committed, never against a prediction.
    if (expectedVersion !== undefined && chained.size > 0) break
    const decision = decider.decide(command, state, circumstances)
    if (!decision.accepted && chained.size > 0) break
    if (!decision.accepted && decider.outranks(decision.refusal)) {
      return { refused: { outcome: 'refused', refusal: decision.refusal } }
    }
    if (expectedVersion !== undefined && expectedVersion !== committed.version) {
      return { refused: { outcome: 'conflict', actualVersion: committed.version } }
    }
    if (!decision.accepted) return { refused: { outcome: 'refused', refusal: decision.refusal } }
    state = decider.evolve(state, decision.event)
    chained.set(eventId, { item, event: decision.event, twins: [] })
    taken++
  }
  const entry: AppendEntry = {
    streamId,
    streamType: decider.streamType,
    expectedVersion: committed.version,
    state: JSON.stringify(state),
    isTombstone: decider.isGone(state),
    events: [...chained].map(([eventId, { item, event }]) => ({
      eventId,
      contentHash: item.request.contentHash,
      metadata: JSON.stringify({ commandId: eventId, ...item.request.metadata }),
      traceparent: recordedTrace(item.request.metadata?.traceparent),
      ...decider.encode(event),
    })),
  }
  waiting.splice(0, taken)
  const items = [...chained.values()].map(({ item, twins }) => {
    item.twins.push(...twins)
    return item
  })
  return { items, entry, state }
}
