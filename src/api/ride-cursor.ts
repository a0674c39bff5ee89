/** The place behind a ride as it is read. */
import { writeCursor } from '#log/cursor.ts'
import type { Log } from '#log/log.ts'
import { writeSealedCursor } from '#log/sealed-cursor.ts'
import type { RideRow } from './ride-row.ts'

type Place = Pick<RideRow, 'rideId' | 'version' | 'position' | 'maskVersion'>

/** Sealed for others than the rider, of each ride in the same way: whether they are shown all of it is not theirs to know. */
export function cursorBehind(
  log: Log,
  { rideId, version, position, maskVersion }: Place,
  isOwn: boolean,
): string {
  return isOwn
    ? writeCursor(log, { streamId: rideId, version, position })
    : writeSealedCursor(log, { streamId: rideId, version: null, position, view: maskVersion, part: 0 })
}
