/** Feeds as a client of the drill has them: the cursor that he keeps, and what he is told when he comes back with it. */
import { connect } from '../api/client.ts'

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
