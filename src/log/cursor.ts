/**
 * A cursor: opaque to clients, names the place behind one event of one stream in one incarnation of the log.
 *
 * It tells whoever looks inside how many events there were. Who may not be shown all of a stream is given sealed cursors
 * (`sealed-cursor.ts`).
 */
import { Buffer } from 'node:buffer'
import type { Log, LogIdentity } from './log.ts'
import { openSealed, type SealedCursor } from './sealed-cursor.ts'

export interface StreamCursor {
  readonly streamId: string
  readonly version: number
  readonly position: number
}

export type CursorReading =
  | { readonly outcome: 'read'; readonly cursor: StreamCursor }
  | { readonly outcome: 'sealed'; readonly cursor: SealedCursor }
  /** Not one of ours, or from before a restore: what is behind it cannot be told. */
  | { readonly outcome: 'unknown' }

export function writeCursor(log: LogIdentity, { streamId, version, position }: StreamCursor): string {
  return Buffer.from(`${shortName(log)}.${streamId}.${version}.${position}`).toString('base64url')
}

export function readCursor(log: LogIdentity & Pick<Log, 'hash'>, text: string): CursorReading {
  const bytes = Buffer.from(text, 'base64url')
  const match = /^([0-9a-f]{8})\.([0-9a-f-]{36})\.(\d{1,10})\.(\d{1,16})$/.exec(bytes.toString())
  if (match === null) {
    const cursor = openSealed(log, bytes)
    return cursor === undefined ? { outcome: 'unknown' } : { outcome: 'sealed', cursor }
  }
  if (match[1] !== shortName(log)) return { outcome: 'unknown' }
  return {
    outcome: 'read',
    cursor: { streamId: match[2]!, version: Number(match[3]), position: Number(match[4]) },
  }
}

function shortName(log: LogIdentity): string {
  return log.incarnation.slice(0, 8)
}
