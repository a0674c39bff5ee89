/** A cursor: opaque to clients, names the place behind one event of one stream in one incarnation of the log. */
import { Buffer } from 'node:buffer'
import type { LogIdentity } from './log.ts'

export interface StreamCursor {
  readonly streamId: string
  readonly version: number
  readonly position: number
}

export type CursorReading =
  | { readonly outcome: 'read'; readonly cursor: StreamCursor }
  /** Not one of ours, or from before a restore: what is behind it cannot be told. */
  | { readonly outcome: 'unknown' }

export function writeCursor(log: LogIdentity, { streamId, version, position }: StreamCursor): string {
  return Buffer.from(`${shortName(log)}.${streamId}.${version}.${position}`).toString('base64url')
}

export function readCursor(log: LogIdentity, text: string): CursorReading {
  const match = /^([0-9a-f]{8})\.([0-9a-f-]{36})\.(\d{1,10})\.(\d{1,16})$/.exec(
    Buffer.from(text, 'base64url').toString(),
  )
  if (match === null || match[1] !== shortName(log)) return { outcome: 'unknown' }
  return {
    outcome: 'read',
    cursor: { streamId: match[2]!, version: Number(match[3]), position: Number(match[4]) },
  }
}

function shortName(log: LogIdentity): string {
  return log.incarnation.slice(0, 8)
}
