/** How an event moves the rows of its ride on (`rides.ts` says of which rides, and whose rows). */
import type { RecordedEvent } from '#log/read.ts'
import { decodePositions, type PositionColumns } from '#ride/encoding.ts'
import type { RideDeleted, RideEvent, RidePositionsRecorded, RideProgress } from '#ride/events.ts'
import { hidesNothing, maskFromStart } from '#ride/mask.ts'
import { sharesAfter } from '#ride/shares.ts'
import { timeZoneAt } from '#ride/time-zone.ts'
import { isUsable } from '#ride/track/usable.ts'
import type { ProgressDraft, RideRow, Rows } from './ride-rows.ts'

/** All that say more of a ride than where it is. */
type ChangingEvent = Exclude<RideEvent, RideDeleted | RidePositionsRecorded>

/** What is said of the ride itself is the same for all. */
export function othersRow(
  row: RideRow,
  { title, description, visibility, shares, mask_version }: RideRow,
): RideRow {
  return { ...row, title, description, visibility, shares, mask_version, audience: 'others' }
}

export function rideAfter(row: RideRow | undefined, recorded: RecordedEvent, event: ChangingEvent): RideRow {
  if (event.type === 'RideStarted') {
    const mask = maskFromStart(event.mask)
    return {
      partition: recorded.partition,
      ride_id: recorded.streamId,
      audience: hidesNothing(mask) ? 'everyone' : 'rider',
      mask_version: mask.version,
      rider_id: event.riderId,
      status: 'ACTIVE',
      visibility: event.visibility,
      title: event.title,
      description: null,
      started_at: event.at,
      ended_at: null,
      finished_at: null,
      shares: null,
    }
  }
  if (row === undefined) throw notStarted(recorded)
  switch (event.type) {
    case 'RidePaused':
      return { ...row, status: 'PAUSED' }
    case 'RideResumed':
      return { ...row, status: 'ACTIVE' }
    case 'RideEnded':
      return { ...row, status: 'ENDED', ended_at: event.at }
    case 'RideFinished':
      return { ...row, status: 'FINISHED', finished_at: event.at }
    case 'RideEdited': {
      const { share, unshare, ...changes } = event.changes
      if (share === undefined && unshare === undefined) return { ...row, ...changes }
      return { ...row, ...changes, shares: sharesAfter(row.shares ?? [], event.changes, event.at) }
    }
    case 'RideMasked':
      return row
    default:
      return event satisfies never
  }
}

export function notStarted({ type }: RecordedEvent): Error {
  return new Error(`${type} of a ride that was not started`)
}

/**
 * Moves a ride's row on in place, for nobody has seen it yet: of a row anew
 * for each upload most of the time went to the collector of garbage.
 */
export function moveProgress({ progress }: Rows, recorded: RecordedEvent): ProgressDraft {
  const { partition, streamId, version, position, recordedAt } = recorded
  const row = progress.get(streamId)
  if (row !== undefined) {
    row.version = version
    row.position = position
    row.updated_at = recordedAt
    return row
  }
  const begun: ProgressDraft = {
    ...{ partition, ride_id: streamId, version, position, updated_at: recordedAt, audience: 'everyone' },
    ...{ latest: null, time_zone: null, distance: 0, moving_time: 0, timer_time: 0, speed: null },
    ...{ masked: null, is_hidden: false },
  }
  progress.set(streamId, begun)
  return begun
}

export function setNumbers(
  row: ProgressDraft,
  { distance, movingTime, timerTime, speed }: RideProgress,
): void {
  row.distance = distance
  row.moving_time = movingTime
  row.timer_time = timerTime
  row.speed = speed
}

/** Of the first place that came: a finished ride has that of its route, whose first place may be another. */
export function timeZoneOf(positions: PositionColumns): string | null {
  const first = decodePositions(positions).find(isUsable)
  return first === undefined ? null : timeZoneAt(first)
}
