/**
 * A cursor of `rideChanges`: how far each partition was read. Encrypted: how many events there are, of rides that somebody does
 * not see too, is nobody's business; and of one viewer, for another has missed other rides.
 */
import { Buffer } from 'node:buffer'
import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto'
import type { Log } from '#log/log.ts'

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

const algorithm = 'aes-256-gcm'
const nonceBytes = 12
const tagBytes = 16

export function writeChangesCursor(log: CursorLog, { readerId, partitions }: ChangesCursor): string {
  const numbers = partitions.flatMap(({ number, since, position }) => [number, since, position])
  const content = Buffer.from(JSON.stringify([log.incarnation, readerId, ...numbers]))
  // Of the content, so that no other content ever has it (a synthetic initialisation vector, as in RFC 5297).
  const nonce = createHmac('sha256', keyOf(log, 'nonces')).update(content).digest().subarray(0, nonceBytes)
  const cipher = createCipheriv(algorithm, keyOf(log, 'key'), nonce)
  return Buffer.concat([nonce, cipher.update(content), cipher.final(), cipher.getAuthTag()]).toString(
    'base64url',
  )
}

/** Undefined where it is none of ours, or of another incarnation of the log. */
export function readChangesCursor(log: CursorLog, text: string): ChangesCursor | undefined {
  const sealed = Buffer.from(text, 'base64url')
  if (sealed.length < nonceBytes + tagBytes) return undefined
  const decipher = createDecipheriv(algorithm, keyOf(log, 'key'), sealed.subarray(0, nonceBytes))
  decipher.setAuthTag(sealed.subarray(-tagBytes))
  const content = decipher.update(sealed.subarray(nonceBytes, -tagBytes))
  try {
    decipher.final()
  } catch {
    return undefined
  }
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

function keyOf({ hash }: CursorLog, purpose: 'key' | 'nonces'): Buffer {
  const name = `${purpose} of cursors of changes`
  return Buffer.from(hash(`${name}, 1`) + hash(`${name}, 2`), 'hex')
}
