/**
 * By what an administrator calls a stream. Whoever has the id of an unlisted ride may see it, and one that is private now may be
 * unlisted tomorrow: so an administrator is not told the ids of others' rides, but names that only he can do anything with.
 */
import { Buffer } from 'node:buffer'
import type { Log } from '#log/log.ts'
import { sealOf } from '#log/seal.ts'
import { isRider } from '#rights/may-see.ts'
import type { Viewer } from '#rights/viewer.ts'
import { isUuid } from './uuid.ts'

export interface OwnedStream {
  readonly streamId: string
  readonly state: unknown
  readonly isGone: boolean
}

const what = 'names of streams'

export function isOwnStream(viewer: Viewer, { state }: Pick<OwnedStream, 'state'>): boolean {
  if (typeof state !== 'object' || state === null || !('riderId' in state)) return false
  return typeof state.riderId === 'string' && isRider(viewer, { riderId: state.riderId })
}

/** Its id, where it is the administrator's own, or nobody's any more. */
export function streamName(log: Pick<Log, 'hash'>, viewer: Viewer, stream: OwnedStream): string {
  const { streamId, isGone } = stream
  return isGone || isOwnStream(viewer, stream) ? streamId : nameOfStream(log, streamId)
}

/** Says nothing to whoever cannot ask as an administrator: for the operator's log. */
export function nameOfStream(log: Pick<Log, 'hash'>, streamId: string): string {
  return sealOf(log, what).seal(Buffer.from(streamId.replaceAll('-', ''), 'hex'))
}

/** The id of a stream that was called so, or by its id; undefined: no stream is. */
export function streamIdOf(log: Pick<Log, 'hash'>, name: string): string | undefined {
  if (isUuid(name)) return name.toLowerCase()
  const id = sealOf(log, what).open(Buffer.from(name, 'base64url'))
  return id?.length === 16 ? uuidOfDigits(id.toString('hex')) : undefined
}

/** The first and the last id that begin so; undefined where none does. */
export function idsBeginning(text: string): { readonly first: string; readonly last: string } | undefined {
  const digits = text.toLowerCase().replaceAll('-', '')
  if (!/^[0-9a-f]{1,32}$/.test(digits)) return undefined
  const [first, last] = [uuidOfDigits(digits.padEnd(32, '0')), uuidOfDigits(digits.padEnd(32, 'f'))]
  return first.startsWith(text.toLowerCase()) || digits === text.toLowerCase() ? { first, last } : undefined
}

function uuidOfDigits(digits: string): string {
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}
