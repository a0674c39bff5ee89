/** What others are given of an event when the zones change, the reader is slow or the database is away: with the feed moved by hand. */
import { describe, expect, test } from 'vitest'
import { OthersRights } from '#api/feed-rights.ts'
import { othersFeed, type ShownItem } from '#api/others-feed.ts'
import { DatabaseUnavailable } from '#database/faults.ts'
import { type Sink, sourceOf } from '#live/source.ts'
import type { Log } from '#log/log.ts'
import type { RecordedEvent } from '#log/read.ts'
import { encodeRideEvent } from '#ride/encoding.ts'
import type { RideChanges, RideEvent } from '#ride/events.ts'
import type { Mask } from '#ride/mask.ts'
import type { Masking, RightsOfRide } from '#rights/masking.ts'
import { createShownRides, type ShownRides, type Sight, unseen } from '#rights/shown-rides.ts'
import { anonymous } from '#rights/viewer.ts'
import { ended, minutes, noProgress, started } from '../ride/given.ts'
import { eventually } from '../support/eventually.ts'

const home = { latitude: 46, longitude: 14, radius: 500 }
const work = { latitude: 47, longitude: 15, radius: 500 }
const masks: readonly Mask[] = [[], [home], [home, work]].map((zones, version) => ({ version, zones }))
const by = (mask: Mask, isWhole = false): Masking => ({ mask, isEndKnown: false, isWhole })

/** Three places that follow on one another, and the last of them is believed; then home, so that nothing waits to be shown. */
const upload = (minute: number, latitude: number, longitude: number): RideEvent => ({
  type: 'RidePositionsRecorded',
  at: minutes(minute) + 3_000,
  positions: [
    ...[0, 1, 2].map((second) => ({
      at: minutes(minute) + second * 1_000,
      latitude: latitude + second * 1e-4,
      longitude,
    })),
    { at: minutes(minute) + 3_000, latitude: home.latitude, longitude: home.longitude },
  ],
  progress: noProgress,
})
const masked = (version: number, isEndKnown = false): RideEvent => ({
  type: 'RideMasked',
  at: 0,
  mask: masks[version]!,
  isEndKnown,
  status: 'ACTIVE',
})
function recorded(event: RideEvent, version: number): RecordedEvent {
  const data: unknown = JSON.parse(encodeRideEvent(event))
  return {
    ...{ partition: 0, position: version, streamId: 'ride', version, eventId: '', type: event.type },
    ...{ schemaVersion: 1, recordedAt: 0, data, metadata: null },
  }
}

/** At home, away, at work, away: then it ends at home. */
const ride = [started, upload(1, 46, 14), upload(2, 46.5, 14), upload(3, 47, 15), upload(4, 46.5, 14)]

interface Opened {
  readonly mask?: number
  /** By which the ride is masked when its feed is begun. */
  readonly meanwhile?: number
  readonly takes?: () => boolean
}

async function opened({ mask = 1, meanwhile = mask, takes = () => true }: Opened = {}) {
  const all = ride.map((event, index) => recorded(event, index + 1))
  const masking = by(masks[mask]!, mask === 0)
  const known: RightsOfRide = {
    ...{ rideId: 'ride', riderId: 'rider', visibility: 'PUBLIC', version: all.length },
    ...{ masking, isEndKnown: false },
  }
  const later: RightsOfRide = { ...known, masking: by(masks[meanwhile]!, meanwhile === 0) }
  const now = { rights: later as RightsOfRide | undefined, isAway: false }
  const { step } = createShownRides({} as Log)
  const shownRides: ShownRides = {
    step,
    async sightAt(_, masking, version) {
      let sight: Sight = unseen(masking)
      for (const each of all.slice(0, version)) sight = step(sight, each).sight
      return sight
    },
  }
  const rights = new OthersRights(anonymous(''), known, () => 0)
  let next = 0
  let trueSink: Sink<RecordedEvent> | undefined
  let isHeld = true
  let isStopped = false
  /** As a cursor over the ring does it. */
  function give(): void {
    if (isHeld || isStopped) return
    for (const event of all.slice(next)) {
      rights.hear(event)
      if (!trueSink?.take(event, event.version, rights.now() ?? 'none')) {
        isHeld = true
        return
      }
      next = event.version
      if (isStopped) return
    }
  }
  const source = sourceOf<RecordedEvent>('ride', (sink) => {
    trueSink = sink
    return {
      resume() {
        isHeld = false
        give()
      },
      forget: () => undefined,
      stop() {
        isStopped = true
      },
    }
  })
  const given: [version: number, type: string, rights: string][] = []
  const ends: unknown[] = []
  const sight = (await shownRides.sightAt('ride', masking, 0))!
  const flow = othersFeed({
    ...{ source, rights, rideId: 'ride', sight, part: 0, until: null, shownRides },
    async readRights() {
      if (now.isAway) throw new DatabaseUnavailable('away')
      return now.rights
    },
  }).begin({
    take(item, _, rights) {
      if (!takes()) return false
      given.push([item.version, typeOf(item), rights])
      return true
    },
    end: (failure) => ends.push(failure),
  })
  flow.resume()
  return {
    ...{ given, ends, flow, rights, now },
    append(event: RideEvent, change: Partial<RightsOfRide> = {}) {
      all.push(recorded(event, all.length + 1))
      if (now.rights !== undefined) now.rights = { ...now.rights, ...change, version: all.length }
    },
    go: give,
    /** The tail has come to the newest, and a subscriber that is behind hears of it first. */
    hear: () => rights.hear(all.at(-1)!),
  }
}
const typeOf = ({ event, recorded }: ShownItem) => (event ?? recorded).type

describe('others are given', () => {
  test('nothing before it is known again how the ride is masked, from when its feed is heard', async () => {
    // Between the look at its rights and the first event its rider has added zones.
    const feed = await opened({ mask: 0, meanwhile: 2 })
    await eventually('what is visible', () => feed.given.length === 3)
    expect(feed.given).toEqual([
      [2_000_001, 'RideStarted', 'other 2'],
      [2_000_002, 'RidePositionsRecorded', 'other 2'],
      [2_000_003, 'RidePositionsRecorded', 'other 2'],
    ])
  })

  test('what a new zone hides not at all, from when it is heard of, also of what was recorded before', async () => {
    let takes = true
    const feed = await opened({ takes: () => takes })
    await eventually('all', () => feed.given.length === 4)
    takes = false
    feed.append(upload(5, 47, 15))
    feed.append(upload(6, 46.5, 14))
    feed.go()
    feed.append(masked(2), { masking: by(masks[2]!) })
    feed.hear()
    takes = true
    feed.flow.resume()
    await eventually('what comes', () => feed.given.length === 5)
    expect(feed.given.at(-1)).toEqual([2_000_004, 'RidePositionsRecorded', 'other 2'])
  })

  test('each of the things that one event is shown as once, however they are taken', async () => {
    let takes = 1
    const feed = await opened({ takes: () => takes-- > 0 })
    for (let count = 1; count <= 4; count++) {
      await eventually(`the ${count}.`, () => feed.given.length === count)
      takes = 1
      feed.flow.resume()
    }
    expect(feed.given.map(([version]) => version)).toEqual([1_000_001, 1_000_002, 1_000_003, 1_000_004])
  })

  test('what comes once the database is back', async () => {
    const feed = await opened()
    await eventually('all', () => feed.given.length === 4)
    feed.now.isAway = true
    feed.append(masked(2), { masking: by(masks[2]!) })
    feed.append(upload(6, 46.5, 14))
    feed.go()
    expect(feed.given).toHaveLength(4)
    feed.now.isAway = false
    await eventually('what comes', () => feed.given.length === 5)
    expect(feed.given.at(-1)).toEqual([2_000_004, 'RidePositionsRecorded', 'other 2'])
    expect(feed.ends).toEqual([])
  })

  test('of a ride that is deleted meanwhile the deletion, and nothing that came before it', async () => {
    const feed = await opened()
    await eventually('all', () => feed.given.length === 4)
    feed.append(masked(2))
    feed.append(upload(6, 46.5, 14))
    feed.append({ type: 'RideDeleted', at: 0, status: 'PAUSED' })
    feed.now.rights = undefined
    feed.go()
    await eventually('the deletion', () => feed.given.length === 5)
    expect(feed.given.at(-1)).toEqual([1_000_005, 'RideDeleted', 'other 1'])
  })

  test('all as it is once there is no zone any more, and not that there was one', async () => {
    const feed = await opened()
    await eventually('all', () => feed.given.length === 4)
    feed.append({ ...masked(1), mask: { version: 3, zones: [] } } as RideEvent, {
      masking: by({ version: 3, zones: [] }),
    })
    feed.append(upload(6, 46, 14))
    feed.go()
    await eventually('what comes', () => feed.given.length === 5)
    // Behind the five that there were, and not counting that the zones were changed.
    expect(feed.given.at(-1)).toEqual([3_000_006, 'RidePositionsRecorded', 'other 3'])
  })

  test('nothing of share links, and no gap where they were', async () => {
    const feed = await opened({ mask: 0 })
    await eventually('all', () => feed.given.length === 5)
    const change = (changes: RideChanges): RideEvent => ({
      type: 'RideEdited',
      at: 0,
      changes,
      status: 'ACTIVE',
    })
    const masking = by(masks[0]!)
    feed.append(change({ share: { id: 'a link', expiresAt: null } }), { masking })
    feed.append(upload(6, 46.5, 14))
    feed.go()
    await eventually('what comes', () => feed.given.length === 6)
    feed.append(change({ unshare: 'a link' }))
    feed.append(change({ title: 'Away' }))
    feed.append(ended(minutes(7)))
    feed.append({ type: 'RideDeleted', at: 0, status: 'ENDED' })
    feed.go()
    await eventually('the deletion', () => feed.given.length === 9)
    expect(feed.given.map(([version]) => version)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9])
    expect(feed.given.slice(5).map(([, type]) => type)).toEqual([
      ...['RidePositionsRecorded', 'RideEdited', 'RideEnded', 'RideDeleted'],
    ])
  })

  test('nothing any more once they have left, also while something is found', async () => {
    const feed = await opened()
    feed.flow.stop()
    await new Promise(setImmediate)
    expect([feed.given, feed.ends]).toEqual([[], []])
  })

  test('an end where they do not see it when it may be known, and how it stands only as they saw it', async () => {
    const feed = await opened()
    await eventually('all', () => feed.given.length === 4)
    feed.append(upload(5, 46, 14))
    feed.append(ended(minutes(6)))
    feed.append({ type: 'RideEdited', at: 0, changes: { title: 'Home' }, status: 'ENDED' })
    feed.append({ type: 'RideEdited', at: 0, changes: { unshare: 'a link' }, status: 'ENDED' })
    feed.append(masked(1, true))
    feed.go()
    await eventually('the end', () => feed.given.length === 6)
    expect(feed.given.slice(4).map(([, type]) => type)).toEqual(['RideEdited', 'RideEnded'])
  })
})
