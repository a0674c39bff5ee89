/** What is known of who may see a ride is forgotten where there are many rides, and read again from the log. */
import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { OthersRights } from '#api/feed-rights.ts'
import { othersFeed } from '#api/others-feed.ts'
import { type Sink, sourceOf } from '#live/source.ts'
import { type RecordedEvent, readStream } from '#log/read.ts'
import { createReadRights, neverMasked } from '#rights/masking.ts'
import { createShownRides, unseen } from '#rights/shown-rides.ts'
import { anonymous } from '#rights/viewer.ts'
import { openRides, riderId, riding, start } from '../projections/open-rides.ts'
import { eventually } from '../support/eventually.ts'

test('a watcher goes on where the rights that he began with are forgotten', async () => {
  await using opened = await openRides()
  const { log, command } = opened
  const rideId = randomUUID()
  await command(rideId, { type: 'startRide', startedAt: start, title: null, visibility: 'PUBLIC' })
  for (let second = 0; second < 5; second++) {
    await command(rideId, { type: 'recordPositions', positions: riding(second, second) })
  }
  const version = 5
  const known = neverMasked({ rideId, riderId, visibility: 'PUBLIC', shares: null, version })
  const rights = new OthersRights(anonymous(''), known, Date.now)
  // As the log says it: of its own start, the only event that is about rights.
  const readAgain = createReadRights(log)
  expect((await readAgain(rideId))?.version).toBe(1)
  let reads = 0
  const [item] = await readStream(log, rideId, { after: version, limit: 1 })
  let isTaken = false
  const source = sourceOf('the ride', (sink: Sink<RecordedEvent>) => {
    const give = () => {
      if (item !== undefined && sink.take(item, version + 1, 'other')) isTaken = true
    }
    setImmediate(give)
    return { resume: give, forget() {}, stop() {} }
  })
  const feed = othersFeed({
    ...{ source, rights, rideId, part: 0, until: null },
    sight: { ...unseen(known.masking), version },
    shownRides: createShownRides(log),
    readRights: (id) => {
      reads++
      return readAgain(id)
    },
  })
  const flow = feed.begin({ take: () => true, end: () => undefined })
  await eventually('the item to be taken', async () => isTaken)
  flow.stop()
  expect(reads).toBeLessThanOrEqual(1)
})
