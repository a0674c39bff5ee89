/** Feeds as a client of the drill has them: the cursor that he keeps, and what he is told when he comes back with it. */
import { randomUUID } from 'node:crypto'
import { connect } from '../api/client.ts'
import type { Command, Sender } from '../faults/sender.ts'
import { eventually } from '../support/eventually.ts'

export interface KeptCursor {
  readonly rideId: string
  readonly cursor: string
}

const document = `subscription ($rideId: ID!, $after: Cursor) {
  rideFeed(rideId: $rideId, after: $after) { cursor version }
}`

/** The feed's first answer: an item, or the code of the error that it was refused with. */
export async function firstOf(
  url: string,
  rideId: string,
  after?: string,
): Promise<{ readonly cursor: string; readonly version: number } | string> {
  await using client = connect(url, { retries: 0 })
  try {
    for await (const { data, errors } of client.subscribe(document, { rideId, after })) {
      if (errors !== undefined) return errors[0]?.extensions?.code ?? 'an error without a code'
      const item = data?.['rideFeed']
      return { cursor: String(item?.['cursor']), version: Number(item?.['version']) }
    }
    return 'nothing'
  } catch (refused) {
    return codeIn(refused)
  }
}

export interface SteadyFeed extends AsyncDisposable {
  readonly rideId: string
  /** How many items have come, and what it was cut with, if it was. */
  readonly seen: { items: number; cut: string | undefined }
  /** Has something happen to its ride. */
  move(): Promise<void>
  end(): Promise<void>
}

/** The feed of a ride of its own, by somebody who neither leaves nor comes again. */
export async function openSteadyFeed(url: string, sender: Sender): Promise<SteadyFeed> {
  const client = connect(url, { retries: 0 })
  const rideId = randomUUID()
  const seen: SteadyFeed['seen'] = { items: 0, cut: undefined }
  const send = (name: Command['name'], eventId: string, input = {}) =>
    sender.send({ name, rideId, eventId, input: { rideId, ...input } })
  const command = (name: Command['name'], input = {}) => {
    const commandId = randomUUID()
    return send(name, commandId, { commandId, ...input })
  }
  await send('startRide', rideId)
  const feed = client.subscribe(document, { rideId })
  void (async () => {
    try {
      for await (const { errors } of feed) {
        if (errors !== undefined) throw errors
        seen.items++
      }
      seen.cut = 'its end'
    } catch (refused) {
      seen.cut = codeIn(refused)
    }
  })()
  await eventually('the first item', () => seen.items === 1)
  return {
    rideId,
    seen,
    move: () => command('editRide', { title: 'On' }),
    end: () => command('endRide'),
    [Symbol.asyncDispose]: () => client[Symbol.asyncDispose](),
  }
}

/** Of some of these rides. */
export async function keepCursors(
  url: string,
  rideIds: readonly string[],
  most: number,
): Promise<KeptCursor[]> {
  const kept: KeptCursor[] = []
  for (const rideId of rideIds) {
    if (kept.length === most) break
    const first = await firstOf(url, rideId)
    if (typeof first !== 'string') kept.push({ rideId, cursor: first.cursor })
  }
  return kept
}

/** graphql-ws rejects with the errors of an operation that was refused. */
function codeIn(refused: unknown): string {
  const first: unknown = Array.isArray(refused) ? refused[0] : refused
  if (typeof first === 'object' && first !== null && 'extensions' in first) {
    const { extensions } = first
    if (typeof extensions === 'object' && extensions !== null && 'code' in extensions) {
      return String(extensions.code)
    }
  }
  return String(refused)
}
