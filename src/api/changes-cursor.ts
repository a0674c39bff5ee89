/**
 * A cursor of `rideChanges`: how far each partition was read. Encrypted: how many events there are, of rides that somebody does
 * not see too, is nobody's business; and of one viewer, for another has missed other rides.
 */
import { Buffer } from 'node:buffer'
import type { Log } from '#log/log.ts'
import { sealOf } from '#log/seal.ts'

/** Of a partition. */
export interface ReadUpTo {
  /** Of `ride_changes`. */
  readonly number: number
  /** The newest number when the first page was asked for: of what was gone by then there is no copy. */
  readonly since: number
  /** In the log: of what changed with each upload. */
  readonly position: number
}

export interface ChangesCursor {
  readonly readerId: string | null
  readonly partitions: readonly ReadUpTo[]
}

type CursorLog = Pick<Log, 'incarnation' | 'partitions' | 'hash'>

/** Whose keys they are sealed with. */
const what = 'cursors of changes'

export function writeChangesCursor(log: CursorLog, { readerId, partitions }: ChangesCursor): string {
  const numbers = partitions.flatMap(({ number, since, position }) => [number, since, position])
  const content = Buffer.from(JSON.stringify([log.incarnation, readerId, ...numbers]))
  return sealOf(log, what).seal(content)
}

/** Undefined where it is none of ours, or of another incarnation of the log. */
export function readChangesCursor(log: CursorLog, text: string): ChangesCursor | undefined {
  const content = sealOf(log, what).open(Buffer.from(text, 'base64url'))
  if (content === undefined) return undefined
  const [incarnation, readerId, ...numbers]: [string, string | null, ...number[]] = JSON.parse(
    content.toString(),
  )
  if (incarnation !== log.incarnation || numbers.length !== 3 * log.partitions) return undefined
  const partitions = Array.from({ length: log.partitions }, (_, index) => {
    const [number = 0, since = 0, position = 0] = numbers.slice(3 * index)
    return { number, since, position }
  })
  return { readerId, partitions }
}
