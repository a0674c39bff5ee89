/**
 * Commands: decided on a stream's small state, appended, and answered exactly the same when they are sent again.
 *
 * A process chains the commands of a stream: each is decided on the state that the one before it will have made, and
 * the chain is sent as one entry, all or nothing, with the version its first decision was made on. One entry a stream
 * is under way.
 *
 *   waiting ─ decide ─┬─ accepted ─► chained ─ append ─┬─ appended ──► answered
 *      ▲              │                                ├─ duplicate ─► those known answered as the first time, others ─┐
 *      │              │                                ├─ conflict ──► all, on the state that came back ─────────────┤
 *      │              │                                ├─ gone ──────► all that wait answered `gone`                   │
 *      │              │                                └─ unavailable ► answered `overloaded`                         │
 *      │              └─ refused ─► behind a chain: waits for it ────────────────────────────────────────────────────┤
 *      │                            else the event's id is looked up: known ─► answered as the first time             │
 *      │                            and the state: not what was decided on ──────────────────────────────────────────┤
 *      │                            else ─► answered `refused`                                                        │
 *      └──────────────────────────────────────────────────────────────────────────────────────────────────────────────┘
 */
import { LRUCache } from 'lru-cache'
import { isUnavailable } from '#database/faults.ts'
import type { AppendEntry, AppendResult, KnownEvent, StreamState } from './append.ts'
import { type Committed, type Pending, takeChain } from './chain.ts'
import type { Log } from './log.ts'
import { readState } from './read.ts'

export interface Decider<State, Command, Event, Circumstances, Refusal> {
  /** What the streams are streams of. */
  readonly streamType: string
  readonly initial: State
  decide(
    command: Command,
    state: State,
    circumstances: Circumstances,
  ):
    | { readonly accepted: true; readonly event: Event }
    | { readonly accepted: false; readonly refusal: Refusal }
  evolve(state: State, event: Event): State
  /** True of a state behind which nothing comes: the event that led there is the stream's tombstone. */
  isGone(state: State): boolean
  /** A refusal that is answered before all else: who gets it must not learn that the stream, or the id, is there. */
  outranks(refusal: Refusal): boolean
  /** The event as the log keeps it; `data` is JSON text. */
  encode(event: Event): { readonly type: string; readonly schemaVersion: number; readonly data: string }
}

export interface CommandRequest<Command, Circumstances> {
  readonly streamId: string
  /** Made by the client: the same again is the same command sent again. */
  readonly eventId: string
  /** Hex: the same id with another hash is another command. */
  readonly contentHash: string
  /** As the hash was made before, of what the log may have from then; asked for where the hash is not the log's. */
  readonly olderContentHash?: () => string
  readonly command: Command
  readonly circumstances: Circumstances
  readonly metadata?: CommandMetadata
  /** About what it holds on to while it waits; a thousand where left out. */
  readonly bytes?: number
  /** The command is for this version of the stream and no other. */
  readonly expectedVersion?: number | undefined
}

/** Kept with each event, beside its command's id. Never what the event says: that goes when the stream is deleted. */
export interface CommandMetadata {
  /** Who asked. */
  readonly actor: string
  /** W3C trace context of the request: version, trace id, parent id, flags. */
  readonly traceparent?: string | undefined
}

export type CommandOutcome<Refusal> =
  | { readonly outcome: 'accepted'; readonly version: number; readonly position: number }
  | { readonly outcome: 'id taken' }
  | { readonly outcome: 'conflict'; readonly actualVersion: number }
  | { readonly outcome: 'refused'; readonly refusal: Refusal }
  /** The stream was deleted. This outranks what a command sent again was answered the first time. */
  | { readonly outcome: 'gone' }
  /** Nothing is known to have been recorded: sent again with the same ids it is recorded once. */
  | { readonly outcome: 'overloaded' }

export interface Commands<Command, Circumstances, Refusal> {
  handle(request: CommandRequest<Command, Circumstances>): Promise<CommandOutcome<Refusal>>
  /** Says that a stream is at least at this version, so that an older state in the cache is not decided on. */
  seen(streamId: string, version: number): void
  /** About what commands hold on to that are not answered yet. */
  waitingBytes(): number
}

const mostAttempts = 10
/** What may wait in one process before commands are refused: a database that is slow must not fill the memory. */
const waitingBytesBound = 64 * 1024 * 1024
const ordinaryBytes = 1_000
const manyStreams = 50_000

export interface CommandsOptions {
  /**
   * How many streams' states are kept from one command to the next. None, for a process that is not told (`seen`) when other
   * processes move or delete streams: a state then stays only while commands of its stream are under way.
   */
  readonly cachedStreams?: number
}

export function openCommands<State, Command, Event, Circumstances, Refusal>(
  log: Log,
  decider: Decider<State, Command, Event, Circumstances, Refusal>,
  { cachedStreams = manyStreams }: CommandsOptions = {},
): Commands<Command, Circumstances, Refusal> {
  type Item = Pending<Command, Circumstances, Refusal>
  type Accepted = { readonly items: readonly Item[]; readonly entry: AppendEntry; readonly state: State }
  const lanes = new Map<string, Item[]>()
  const cache: Cache<Committed<State>> =
    cachedStreams === 0 ? new Map() : new LRUCache({ max: cachedStreams })
  let waitingBytes = 0

  /**
   * Works off a stream's waiting commands until none is left. What need not wait does not: a promise for each turn of a stream
   * would be most of what a command leaves to be cleared away.
   */
  function run(streamId: string, waiting: Item[]): void {
    let next: Promise<void> | undefined
    try {
      while (next === undefined && waiting.length > 0) next = step(streamId, waiting)
    } catch (error) {
      next = Promise.reject(error)
    }
    if (next !== undefined) {
      next.catch((error: unknown) => failAll(streamId, waiting, error)).then(() => run(streamId, waiting))
      return
    }
    lanes.delete(streamId)
    if (cachedStreams === 0) cache.delete(streamId)
  }

  function failAll(streamId: string, waiting: Item[], error: unknown): void {
    cache.delete(streamId)
    const unavailable = isUnavailable(error)
    for (const item of waiting.splice(0)) {
      for (const each of [item, ...item.twins]) {
        if (unavailable) each.settle({ outcome: 'overloaded' })
        else each.fail(error)
      }
    }
  }

  function step(streamId: string, waiting: Item[]): Promise<void> | undefined {
    const committed = cache.get(streamId)
    if (committed === undefined) return learn(streamId, waiting)
    const chain = takeChain(decider, streamId, committed, waiting)
    if (chain.refused !== undefined) return refuse(streamId, waiting, committed, chain.refused)
    return send(streamId, waiting, committed, chain)
  }

  /** Reads the state that the first command is to be decided on; or the answer that it had before. */
  async function learn(streamId: string, waiting: Item[]): Promise<void> {
    const { actual, known, isGone } = await readState(log, streamId, waiting[0]!.request.eventId)
    if (isGone) return allGone(waiting)
    const committed = remember(streamId, actual)
    if (known !== undefined) {
      answerKnown(waiting.shift()!, known, committed)
      return
    }
    const chain = takeChain(decider, streamId, committed, waiting)
    if (chain.refused !== undefined) await refuse(streamId, waiting, committed, chain.refused)
    else await send(streamId, waiting, committed, chain)
  }

  /** A refusal stands only on committed state, and only for a command that was not accepted before. */
  async function refuse(
    streamId: string,
    waiting: Item[],
    decidedOn: Committed<State>,
    refused: CommandOutcome<Refusal>,
  ): Promise<void> {
    const { actual, known, isGone } = await readState(log, streamId, waiting[0]!.request.eventId)
    if (isGone) return allGone(waiting)
    const committed = remember(streamId, actual)
    if (known !== undefined) answerKnown(waiting.shift()!, known, committed)
    else if (actual.version === decidedOn.version) answer(waiting.shift()!, refused)
    else if (++waiting[0]!.attempts > mostAttempts) answer(waiting.shift()!, { outcome: 'overloaded' })
  }

  function send(
    streamId: string,
    waiting: Item[],
    committed: Committed<State>,
    chain: Accepted,
  ): Promise<void> {
    return log.append(chain.entry).then(
      (result) => settle(streamId, waiting, committed, chain, result),
      (error: unknown) => {
        cache.delete(streamId)
        for (const item of chain.items) for (const each of [item, ...item.twins]) each.fail(error)
      },
    )
  }

  function settle(
    streamId: string,
    waiting: Item[],
    committed: Committed<State>,
    { items, entry, state }: Accepted,
    result: AppendResult,
  ): void {
    switch (result.outcome) {
      case 'appended':
        if (entry.isTombstone) cache.delete(streamId)
        else cache.set(streamId, { version: committed.version + items.length, state })
        for (const [index, item] of items.entries()) {
          const place = { version: committed.version + 1 + index, position: result.firstPosition + index }
          answer(item, { outcome: 'accepted', ...place })
        }
        return
      case 'duplicate': {
        const now = remember(streamId, result.actual)
        const known = new Map(result.known.map((event) => [event.eventId, event]))
        const others: Item[] = []
        for (const item of items) {
          const event = known.get(item.request.eventId)
          if (event === undefined) others.push(item)
          else answerKnown(item, event, now)
        }
        waiting.unshift(...others)
        return
      }
      case 'conflict': {
        remember(streamId, result.actual)
        const again: Item[] = []
        for (const item of items) {
          if (++item.attempts > mostAttempts) answer(item, { outcome: 'overloaded' })
          else again.push(item)
        }
        waiting.unshift(...again)
        return
      }
      case 'gone':
        cache.delete(streamId)
        waiting.unshift(...items)
        allGone(waiting)
        return
      case 'overloaded':
      case 'unavailable':
        cache.delete(streamId)
        for (const item of items) answer(item, { outcome: 'overloaded' })
        return
      default:
        result satisfies never
    }
  }

  function remember(streamId: string, { version, state }: StreamState): Committed<State> {
    const committed = { version, state: version === 0 ? decider.initial : (state as State) }
    if (version > 0) cache.set(streamId, committed)
    return committed
  }

  /** Its id is in the log: answered as the first time where it is the same command, else as another one. */
  function answerKnown(
    item: Item,
    { contentHash, version, position }: KnownEvent,
    { state }: Committed<State>,
  ): void {
    const { request } = item
    if (contentHash === request.contentHash || contentHash === request.olderContentHash?.()) {
      answer(item, { outcome: 'accepted', version, position })
      return
    }
    const { command, circumstances } = request
    const decision = decider.decide(command, state, circumstances)
    const isHidden = !decision.accepted && decider.outranks(decision.refusal)
    answer(item, isHidden ? { outcome: 'refused', refusal: decision.refusal } : { outcome: 'id taken' })
  }

  function allGone(waiting: Item[]): void {
    for (const item of waiting.splice(0)) answer(item, { outcome: 'gone' })
  }

  function answer(item: Item, outcome: CommandOutcome<Refusal>): void {
    item.settle(outcome)
    for (const twin of item.twins) twin.settle(outcome)
  }

  return {
    handle(request) {
      const bytes = request.bytes ?? ordinaryBytes
      if (waitingBytes + bytes > waitingBytesBound) return Promise.resolve({ outcome: 'overloaded' })
      waitingBytes += bytes
      return new Promise<CommandOutcome<Refusal>>((resolve, reject) => {
        const item: Item = {
          request,
          settle(outcome) {
            waitingBytes -= bytes
            resolve(outcome)
          },
          fail(error) {
            waitingBytes -= bytes
            reject(error)
          },
          twins: [],
          attempts: 0,
        }
        const lane = lanes.get(request.streamId)
        if (lane !== undefined) {
          lane.push(item)
          return
        }
        const waiting = [item]
        lanes.set(request.streamId, waiting)
        run(request.streamId, waiting)
      })
    },
    seen(streamId, version) {
      const cached = cache.get(streamId)
      if (cached !== undefined && cached.version < version) cache.delete(streamId)
    },
    waitingBytes: () => waitingBytes,
  }
}

type Cache<State> = Pick<Map<string, State>, 'get' | 'delete'> & { set(streamId: string, state: State): void }
