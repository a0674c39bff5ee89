/**
 * Projection `rides`: a row a ride, and beside it a narrow one with the ride's version and running numbers,
 * which alone moves while positions come in. Rows are folds: those that a batch touches are loaded, moved on
 * in memory (`ride-folds.ts`), and written back in one statement a table. Of a ride with privacy zones, or share links,
 * there is a second row, for the others: the same fold, over what they are shown of each event (`masking/`).
 */
import type { Transaction } from '@databases/pg'
import { type RecordedEvent, readWholeStream } from '#log/read.ts'
import { decodeRideEvent, readUpload } from '#ride/encoding.ts'
import type { RideEvent, RideMasked, RideStarted } from '#ride/events.ts'
import { hidesNothing, type Mask, maskFromStart } from '#ride/mask.ts'
import { beginMasked, type MaskedFold, maskedVersion, stepMasked } from '#ride/masking/masked-fold.ts'
import { newestFixIn } from '#ride/newest-fix.ts'
import { newestFix } from '#ride/position.ts'
import { isOfSharesAlone } from '#ride/shares.ts'
import { timeZoneAt } from '#ride/time-zone.ts'
import { isUsable } from '#ride/track/usable.ts'
import type { Projection } from './projection.ts'
import { keepChanges } from './ride-changes.ts'
import { moveProgress, notStarted, othersRow, rideAfter, setNumbers, timeZoneOf } from './ride-folds.ts'
import {
  loadRows,
  type ProgressDraft,
  type RideRow,
  removeRows,
  saveProgress,
  saveRides,
} from './ride-rows.ts'

export const rides: Projection = {
  name: 'rides',
  // 2: the time zone of the place where a ride began. 3: others see nothing of share links, nor of zones that are gone.
  revision: 3,
  tables: ['rides', 'ride_progress'],
  apply,
  effects: keepChanges,
}

async function apply(
  transaction: Transaction,
  version: number,
  events: readonly RecordedEvent[],
): Promise<void> {
  const partition = events[0]!.partition
  const touched = new Set<string>()
  for (const { type, streamId } of events) if (type !== 'RidePositionsRecorded') touched.add(streamId)
  const ids = [...new Set(events.map(({ streamId }) => streamId))]
  const { own, others } = await loadRows(transaction, version, { partition, ids, touched: [...touched] })
  await loadMasked()
  const removed: string[] = []
  for (const recorded of events) {
    const id = recorded.streamId
    if (recorded.type === 'RidePositionsRecorded') {
      if (touched.has(id) && !own.rides.has(id)) throw notStarted(recorded)
      // Uploads are most of what there is: of their positions the newest is all that is decoded.
      const { positions, progress } = readUpload(recorded)
      const row = moveProgress(own, recorded)
      row.latest = newestFixIn(row.latest, positions)
      row.time_zone ??= timeZoneOf(positions)
      setNumbers(row, progress)
      if (row.masked === null) continue
      if (hidesNothing(row.masked.mask)) showUpload(recorded, row, row.masked)
      else show(recorded, row, row.masked, decodeRideEvent(recorded))
      continue
    }
    const event = decodeRideEvent(recorded)
    if (event.type === 'RideDeleted') {
      forget(id)
      removed.push(id)
    } else if (event.type === 'RideMasked') {
      removed.push(id)
      await maskAnew(recorded, event)
    } else if (event.type !== 'RidePositionsRecorded') {
      const ride = rideAfter(own.rides.get(id), recorded, event)
      own.rides.set(id, ride)
      if (event.type === 'RideEdited' && isOfSharesAlone(event.changes) && ride.audience === 'everyone') {
        removed.push(id)
        splitOff(ride)
      }
      const theirs = others.rides.get(id)
      if (theirs !== undefined) others.rides.set(id, othersRow(theirs, ride))
      const row = moveProgress(own, recorded)
      if ('progress' in event && event.progress !== null) setNumbers(row, event.progress)
      if (event.type === 'RideStarted') {
        row.masked = foldFor(event)
        row.audience = ride.audience
      }
      if (row.masked !== null) show(recorded, row, row.masked, event)
    }
  }
  await removeRows(transaction, version, partition, removed)
  for (const { rides, progress } of [own, others]) {
    await saveRides(transaction, version, [...rides.values()])
    await saveProgress(transaction, version, [...progress.values()])
  }

  /** Of a ride that goes on being masked the rows in `rides` are needed also for its uploads: others may come to see it now. */
  async function loadMasked(): Promise<void> {
    const missing = [...own.progress.values()]
      .filter(
        ({ masked, ride_id }) => masked !== null && !hidesNothing(masked.mask) && !own.rides.has(ride_id),
      )
      .map(({ ride_id }) => ride_id)
    if (missing.length === 0) return
    const loaded = await loadRows(transaction, version, { partition, ids: [], touched: missing })
    for (const [id, ride] of loaded.own.rides) own.rides.set(id, ride)
    for (const [id, ride] of loaded.others.rides) others.rides.set(id, ride)
  }

  /** Takes the others' rows on by what they are shown of an event. */
  function show(recorded: RecordedEvent, row: ProgressDraft, before: MaskedFold, event: RideEvent): void {
    const { fold, shown } = stepMasked(before, event)
    row.masked = fold
    for (const each of shown) showOne({ ...recorded, version: maskedVersion(fold) }, each)
    const theirs = others.progress.get(recorded.streamId)
    if (theirs !== undefined) theirs.is_hidden = fold.whereabouts.isHidden
  }

  /** The same of an upload of which nothing is hidden, without decoding it. */
  function showUpload(recorded: RecordedEvent, row: ProgressDraft, before: MaskedFold): void {
    const fold = { ...before, count: before.count + 1 }
    row.masked = fold
    const theirs = moveProgress(others, { ...recorded, version: maskedVersion(fold) })
    const { latest, time_zone, distance, moving_time, timer_time, speed } = row
    Object.assign(theirs, { audience: 'others', latest, time_zone, distance, moving_time, timer_time, speed })
  }

  function showOne(recorded: RecordedEvent, event: RideEvent): void {
    const id = recorded.streamId
    if (event.type === 'RideDeleted' || event.type === 'RideMasked') return
    if (event.type !== 'RidePositionsRecorded') {
      const theirs = event.type === 'RideStarted' ? undefined : others.rides.get(id)
      others.rides.set(id, othersRow(rideAfter(theirs, recorded, event), own.rides.get(id)!))
    }
    const row = moveProgress(others, recorded)
    row.audience = 'others'
    if (event.type === 'RidePositionsRecorded') {
      row.latest = newestFix(row.latest ?? undefined, event.positions)
      const first = event.positions.find(isUsable)
      row.time_zone ??= first === undefined ? null : timeZoneAt(first)
    }
    if ('progress' in event && event.progress !== null) setNumbers(row, event.progress)
  }

  /**
   * Its rider alone is to know of its share links: from now on others have rows of their own, which begin as the ride was before
   * this, and none of their numbers moves with it.
   */
  function splitOff(ride: RideRow): void {
    const { ride_id: id, mask_version: version, rider_id: riderId, started_at: at, title, visibility } = ride
    const row = own.progress.get(id)!
    own.rides.set(id, { ...ride, audience: 'rider' })
    others.rides.set(id, { ...ride, audience: 'others' })
    others.progress.set(id, { ...row, audience: 'others' })
    // They have seen it begin already.
    const begun = beginMasked(
      { type: 'RideStarted', at, riderId, title, visibility },
      plainMask(version),
      false,
    )
    Object.assign(row, { audience: 'rider', masked: { ...begun, count: row.version } })
  }

  /** What others were shown of the ride until now was shown by other zones: all of it is made again. */
  async function maskAnew(recorded: RecordedEvent, { mask }: RideMasked): Promise<void> {
    const id = recorded.streamId
    const ride = own.rides.get(id)
    if (ride === undefined) throw notStarted(recorded)
    own.rides.set(id, { ...ride, audience: 'rider', mask_version: mask.version })
    const row = moveProgress(own, recorded)
    Object.assign(row, { audience: 'rider', masked: null })
    others.rides.delete(id)
    others.progress.delete(id)
    const all = await eventsUpTo(recorded)
    const started = all[0]?.event
    if (started?.type !== 'RideStarted') return
    const isEndKnown = all.some(({ event }) => event.type === 'RideMasked' && event.isEndKnown)
    row.masked = beginMasked(started, mask, isEndKnown)
    if (hidesNothing(mask)) showOne({ ...recorded, version: maskedVersion(row.masked) }, started)
    for (const { recorded: each, event } of all) if (row.masked !== null) show(each, row, row.masked, event)
  }

  /** Each as if it were recorded now: whoever keeps a copy of the ride learns of all of it now. */
  async function eventsUpTo(last: RecordedEvent) {
    const { streamId, version } = last
    const written: [type: string, schemaVersion: number, data: unknown][] = JSON.parse(
      await readWholeStream(transaction, { partitionOf: () => partition }, streamId),
    )
    // Deleted and redacted since the batch was read: its RideDeleted is still to come, and nobody sees it any more.
    if (written.some(([, , data]) => data === null)) return []
    return written.slice(0, version).map(([type, schemaVersion, data], index) => ({
      recorded: { ...last, version: index + 1 },
      event: decodeRideEvent({ type, schemaVersion, data }),
    }))
  }

  function forget(id: string): void {
    for (const { rides, progress } of [own, others]) {
      rides.delete(id)
      progress.delete(id)
    }
  }
}

function foldFor(started: RideStarted): MaskedFold | null {
  const mask = maskFromStart(started.mask)
  return hidesNothing(mask) ? null : beginMasked(started, mask, false)
}

/** As a ride is masked that hides nothing from its start. */
function plainMask(version: number): Mask {
  return maskFromStart({ version, zones: [] })
}
