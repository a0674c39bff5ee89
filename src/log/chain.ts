/**
 * A chain of commands for one stream: each is decided on the state that the one before it will have made, so that all can
 * be sent as one entry. Pure: no I/O, and what is decided here is only what to send.
 */
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

/** Takes what can be sent as one entry from the front of `waiting`, which must not be empty. */
export function takeChain<State, Command, Event, Circumstances, Refusal>(
  decider: Decider<State, Command, Event, Circumstances, Refusal>,
  streamId: string,
  committed: Committed<State>,
  waiting: Pending<Command, Circumstances, Refusal>[],
): Chain<State, Pending<Command, Circumstances, Refusal>, Refusal> {
  const items: Pending<Command, Circumstances, Refusal>[] = []
  const events: Event[] = []
  const byEventId = new Map<string, Pending<Command, Circumstances, Refusal>>()
  let state = committed.state
  while (waiting.length > 0 && items.length < longestChain) {
    const item = waiting[0]!
    const { eventId, contentHash, command, circumstances, expectedVersion } = item.request
    const twin = byEventId.get(eventId)
    if (twin !== undefined) {
      if (twin.request.contentHash !== contentHash) break
      twin.twins.push(waiting.shift()!)
      continue
    }
    // What a client expects is judged against what is committed, never against a prediction.
    if (expectedVersion !== undefined && items.length > 0) break
    const decision = decider.decide(command, state, circumstances)
    if (!decision.accepted && (items.length > 0 || decider.outranks(decision.refusal))) {
      if (items.length > 0) break
      return { refused: { outcome: 'refused', refusal: decision.refusal } }
    }
    if (expectedVersion !== undefined && expectedVersion !== committed.version) {
      return { refused: { outcome: 'conflict', actualVersion: committed.version } }
    }
    if (!decision.accepted) return { refused: { outcome: 'refused', refusal: decision.refusal } }
    state = decider.evolve(state, decision.event)
    events.push(decision.event)
    byEventId.set(eventId, item)
    items.push(waiting.shift()!)
  }
  const entry: AppendEntry = {
    streamId,
    baseVersion: committed.version,
    state: JSON.stringify(state),
    events: items.map(({ request: { eventId, contentHash } }, index) => ({
      eventId,
      contentHash,
      metadata: null,
      ...decider.encode(events[index]!),
    })),
  }
  return { items, entry, state }
}
