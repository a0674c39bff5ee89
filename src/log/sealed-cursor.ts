/**
 * Cursors for who may be shown a stream otherwise than it is: events are left out, or shown as several. They are encrypted, and
 * nobody makes or changes one but us: from the versions and positions in them could be told how much was left out, and where; and
 * that some streams have others, whether anything was.
 */
import { Buffer } from 'node:buffer'
import type { Log, LogIdentity } from './log.ts'
import { sealBytes, sealOf } from './seal.ts'

export interface SealedCursor {
  readonly streamId: string
  /** Null: that of the event at the position. */
  readonly version: number | null
  readonly position: number
  /** Which way of showing the stream it is a place in. */
  readonly view: number
  /** Of what the next event is shown as, how much was given already. */
  readonly part: number
}

type SealingLog = LogIdentity & Pick<Log, 'hash'>

/** Whose keys they are sealed with. */
const what = 'sealed cursors'
/** The log's name, the stream's id, version, position, view and part. */
const contentBytes = 4 + 16 + 4 + 8 + 4 + 2
const sealedBytes = contentBytes + sealBytes

/** The same cursor is the same text: whoever compares two learns whether they are the same place, and nothing else. */
export function writeSealedCursor(log: SealingLog, cursor: SealedCursor): string {
  const content = Buffer.alloc(contentBytes)
  content.write(nameOf(log), 0, 'hex')
  content.write(cursor.streamId.replaceAll('-', ''), 4, 'hex')
  content.writeUInt32BE(cursor.version ?? 0, 20)
  content.writeBigUInt64BE(BigInt(cursor.position), 24)
  content.writeUInt32BE(cursor.view, 32)
  content.writeUInt16BE(cursor.part, 36)
  return sealOf(log, what).seal(content)
}

/** Undefined where it is none of ours, or of another incarnation of the log. */
export function openSealed(log: SealingLog, sealed: Buffer): SealedCursor | undefined {
  if (sealed.length !== sealedBytes) return undefined
  const content = sealOf(log, what).open(sealed)
  if (content === undefined) return undefined
  if (content.toString('hex', 0, 4) !== nameOf(log)) return undefined
  const version = content.readUInt32BE(20)
  return {
    streamId: content.toString('hex', 4, 20).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'),
    version: version === 0 ? null : version,
    position: Number(content.readBigUInt64BE(24)),
    view: content.readUInt32BE(32),
    part: content.readUInt16BE(36),
  }
}

function nameOf(log: LogIdentity): string {
  return log.incarnation.slice(0, 8)
}
