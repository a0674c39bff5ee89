/** The place behind a ride as it is read. */
import { writeCursor } from '#log/cursor.ts'
import type { Log } from '#log/log.ts'
import { writeSealedCursor } from '#log/sealed-cursor.ts'
import type { RideRow } from './ride-row.ts'

type Place = Pick<RideRow, 'rideId' | 'version' | 'position' | 'maskedBy'>

/** Sealed where others are not shown all: their version is not the log's. */
export function cursorBehind(log: Log, { rideId, version, position, maskedBy }: Place): string {
  return maskedBy === null
    ? writeCursor(log, { streamId: rideId, version, position })
    : writeSealedCursor(log, { streamId: rideId, version: null, position, view: maskedBy, part: 0 })
}
