/**
 * Cursors for who may be shown a stream otherwise than it is: events are left out, or shown as several. They are encrypted, and
 * nobody makes or changes one but us: from the versions and positions in them could be told how much was left out, and where; and
 * that some streams have others, whether anything was.
 */
import { Buffer } from 'node:buffer'
import { createCipheriv, createDecipheriv, createHmac, createSecretKey, type KeyObject } from 'node:crypto'
import type { Log, LogIdentity } from './log.ts'

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

const algorithm = 'aes-256-gcm'
const nonceBytes = 12
const tagBytes = 16
/** The log's name, the stream's id, version, position, view and part. */
const contentBytes = 4 + 16 + 4 + 8 + 4 + 2
const sealedBytes = nonceBytes + contentBytes + tagBytes

/** The same cursor is the same text: whoever compares two learns whether they are the same place, and nothing else. */
export function writeSealedCursor(log: SealingLog, cursor: SealedCursor): string {
  const { sealing, naming } = keysOf(log)
  const content = Buffer.alloc(contentBytes)
  content.write(nameOf(log), 0, 'hex')
  content.write(cursor.streamId.replaceAll('-', ''), 4, 'hex')
  content.writeUInt32BE(cursor.version ?? 0, 20)
  content.writeBigUInt64BE(BigInt(cursor.position), 24)
  content.writeUInt32BE(cursor.view, 32)
  content.writeUInt16BE(cursor.part, 36)
  // Of the content, so that no other content ever has it (a synthetic initialisation vector, as in RFC 5297).
  const nonce = createHmac('sha256', naming).update(content).digest().subarray(0, nonceBytes)
  const cipher = createCipheriv(algorithm, sealing, nonce)
  const sealed = Buffer.concat([nonce, cipher.update(content), cipher.final(), cipher.getAuthTag()])
  return sealed.toString('base64url')
}

/** Undefined where it is none of ours, or of another incarnation of the log. */
export function openSealed(log: SealingLog, sealed: Buffer): SealedCursor | undefined {
  if (sealed.length !== sealedBytes) return undefined
  const decipher = createDecipheriv(algorithm, keysOf(log).sealing, sealed.subarray(0, nonceBytes))
  decipher.setAuthTag(sealed.subarray(-tagBytes))
  const content = decipher.update(sealed.subarray(nonceBytes, -tagBytes))
  try {
    decipher.final()
  } catch {
    return undefined
  }
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

interface Keys {
  readonly sealing: KeyObject
  readonly naming: KeyObject
}

const keys = new WeakMap<SealingLog['hash'], Keys>()

/**
 * From the log's own, so that all processes have the same. Kept as keys, and not as their bytes: with these each of a page's cursors
 * takes a quarter of the time, 6 µs.
 */
function keysOf({ hash }: SealingLog): Keys {
  const known = keys.get(hash)
  if (known !== undefined) return known
  const derived = (purpose: string) =>
    createSecretKey(Buffer.from(hash(`${purpose}, 1`) + hash(`${purpose}, 2`), 'hex'))
  const made = { sealing: derived('key of sealed cursors'), naming: derived('nonces of sealed cursors') }
  keys.set(hash, made)
  return made
}
