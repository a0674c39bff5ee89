import { expect, onTestFinished, test } from 'vitest'
import type { RideFeedItem } from '../../../web/live/documents.ts'
import { pointCount } from '../../../web/live/track.ts'
import type { Ride } from '../../../web/ride/documents.ts'
import { watchRide } from '../../../web/ride/ride-watch.ts'
import { fakeServer } from '../fake-server.ts'
import { overRide } from '../live/live-ride.ts'

function rideOf(version: number, other: Partial<Ride> = {}): Ride {
  return {
    ...overRide('r', version, { status: 'ACTIVE' }),
    description: null,
    visibility: 'PUBLIC',
    shares: null,
    endedAt: null,
    latestPosition: null,
    route: null,
    ...other,
    statistics: null,
  }
}

function uploadOf(version: number): { rideFeed: RideFeedItem } {
  const at = new Date(Date.UTC(2026, 4, 1, 10, 0, version)).toISOString()
  return {
    rideFeed: {
      cursor: String(version),
      version,
      type: version === 1 ? 'STARTED' : 'POSITIONS_RECORDED',
      status: 'ACTIVE',
      at,
      positions: [{ at, latitude: 46 + version / 1_000, longitude: 7, heading: null }],
      progress: null,
    },
  }
}

/** A ride that somebody watches, and what he is shown. */
async function watched(first: Ride) {
  const fake = fakeServer()
  let look = () => {}
  const watch = watchRide(
    fake.server,
    'r',
    (publish) => publish(),
    (onLook) => {
      look = onLook
      return () => {}
    },
  )
  onTestFinished(watch.close)
  await fake.questions[0]?.answer({ ride: first })
  const shown = () => {
    const view = watch.view.get()
    if (view.status !== 'ready') throw new Error(`The ride is ${view.status}.`)
    return { title: view.ride.title, points: pointCount(view.track) }
  }
  const tell = (...versions: number[]) => {
    for (const version of versions) fake.openFeeds()[0]?.tell(uploadOf(version))
  }
  return { ...fake, look: () => look(), shown, tell }
}

test('a look that finds the ride masked anew drops the trail that others were told, and reads it from its start', async () => {
  const { questions, feeds, look, shown, tell, openFeeds } = await watched(rideOf(3))
  tell(1, 2, 3)
  expect(shown().points).toBe(3)
  look()
  await questions[1]?.answer({ ride: rideOf(103) })
  expect(shown().points).toBe(0)
  expect(feeds).toHaveLength(2)
  expect(openFeeds()).toEqual([feeds[1]])
  expect(feeds[1]?.variables).toMatchObject({ rideId: 'r', after: null })
  // What is told again up to there may have gaps.
  tell(101, 103)
  expect(shown().points).toBe(2)
  expect(feeds).toHaveLength(2)
})

test.each([
  ['follows on what was told', rideOf(4)],
  ['is of his own ride', rideOf(103, { shares: [] })],
])('a look at what %s keeps the trail', async (_, answered) => {
  const { questions, feeds, look, shown, tell } = await watched({ ...answered, version: 3 })
  tell(1, 2, 3)
  look()
  await questions[1]?.answer({ ride: answered })
  expect(shown().points).toBe(3)
  expect(feeds).toHaveLength(1)
})

test('of what was asked twice the earlier answer, which comes later, is not shown', async () => {
  const over = { status: 'FINISHED' } as const
  const { questions, look, shown } = await watched(rideOf(9, { ...over, title: 'All of it' }))
  look()
  look()
  await questions[2]?.answer({ ride: rideOf(4, { ...over, title: 'Less' }) })
  await questions[1]?.answer({ ride: rideOf(9, { ...over, title: 'All of it' }) })
  expect(shown().title).toBe('Less')
})
