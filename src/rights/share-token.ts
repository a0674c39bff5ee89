/**
 * Tokens of share links: the ride, the share and a code over both that only we can make. None is kept anywhere; the same share
 * has the same token again. That a token is ours is known without a question; whether its share holds, its ride knows.
 */
import { Buffer } from 'node:buffer'
import { timingSafeEqual } from 'node:crypto'
import type { Log } from '#log/log.ts'
import type { Share } from './viewer.ts'

/** Two UUIDs and a code of 128 bits. */
const tokenBytes = 48

export function tokenOf(log: Pick<Log, 'hash'>, { rideId, shareId }: Share): string {
  return Buffer.concat([bytesOf(rideId), bytesOf(shareId), codeOf(log, { rideId, shareId })]).toString(
    'base64url',
  )
}

/** Undefined where it is none that we made. */
export function shareOf(log: Pick<Log, 'hash'>, token: string): Share | undefined {
  const bytes = Buffer.from(token, 'base64url')
  // What else would be read as the same bytes is refused: one share, one token.
  if (bytes.length !== tokenBytes || bytes.toString('base64url') !== token) return undefined
  const share = { rideId: uuidIn(bytes.subarray(0, 16)), shareId: uuidIn(bytes.subarray(16, 32)) }
  return timingSafeEqual(bytes.subarray(32), codeOf(log, share)) ? share : undefined
}

function codeOf(log: Pick<Log, 'hash'>, { rideId, shareId }: Share): Buffer {
  return Buffer.from(log.hash(`share link ${rideId} ${shareId}`), 'hex')
}

function bytesOf(uuid: string): Buffer {
  return Buffer.from(uuid.replaceAll('-', ''), 'hex')
}

function uuidIn(bytes: Buffer): string {
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}
