/** The trail of the live page, from the server's feed: a privacy zone that its rider adds on the way takes from it what it hides. */
import { createClient } from 'graphql-ws'
import { expect, onTestFinished, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import { subscribe } from '../../web/graphql/subscribe.ts'
import { liveRidesSubscription } from '../../web/live/documents.ts'
import { applyLiveRides, type LiveBoard } from '../../web/live/live-board.ts'
import { createTrailFeeds } from '../../web/live/trail-feeds.ts'
import { eventually } from '../support/eventually.ts'
import { at, startRide } from './client.ts'
import { serveGuests } from './guests.ts'

const served = serveGuests()

const metresPerSample = 10
const latitudeAt = (sample: number) => 46 + (sample * metresPerSample) / 111_170
const longitude = 7

/** North at ten metres a second. */
const way = (from: number, count: number) =>
  Array.from({ length: count }, (_, index) => ({
    at: at(from + index),
    latitude: latitudeAt(from + index),
    longitude,
  }))

const zoneAt = { name: 'A friend', latitude: latitudeAt(150), longitude, radius: 500 }

async function upload(rideId: string, positions: ReturnType<typeof way>): Promise<void> {
  for (let from = 0; from < positions.length; from += 20) {
    await served.owner.mutate('recordPositions', { rideId, positions: positions.slice(from, from + 20) })
  }
}

test('a trail that others watch is dropped and read anew when a zone hides a part of it', async () => {
  vi.stubGlobal('requestAnimationFrame', (work: () => void) => setTimeout(work, 0))
  vi.stubGlobal('cancelAnimationFrame', clearTimeout)
  const client = createClient({
    url: `${served.product.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
  })
  const rideId = await startRide(served.owner, { visibility: 'PUBLIC', startedAt: at(0) })
  await upload(rideId, way(0, 300))

  const trails = createTrailFeeds({ socket: { client } }, () => 0)
  // As the live page has it: of whatever the board has the trail is wanted, and of what leaves it is forgotten.
  let board: LiveBoard = new Map()
  const endBoard = subscribe(
    client,
    liveRidesSubscription,
    {},
    {
      next({ liveRides }) {
        const applied = applyLiveRides(board, liveRides, { steadyMs: 0, serverMs: 0 })
        board = applied.board
        for (const { ride } of applied.left) trails.forget(ride.rideId)
        trails.want(new Set(board.keys()))
      },
      refused: ({ message }) => expect.unreachable(message),
    },
  )
  onTestFinished(async () => {
    endBoard()
    trails.want(new Set())
    await client.dispose()
  })
  const shown = () => (trails.trackOf(rideId)?.lines ?? []).flat().map(([, latitude]) => latitude)
  const isIn = (zone: { latitude: number }) => (latitude: number) =>
    Math.abs(latitude - zone.latitude) * 111_170 < 500
  await eventually('the whole trail', () => shown().length >= 300)

  expect(shown().some(isIn(zoneAt))).toBe(true)
  const { data } = await served.owner.ask(
    `mutation ($input: AddPrivacyZoneInput!) { addPrivacyZone(input: $input) {
      ... on AddPrivacyZonePayload { privacyZone { latitude longitude radius } } } }`,
    { input: zoneAt },
  )
  const zone = data?.['addPrivacyZone']?.['privacyZone'] as { latitude: number }
  // What comes next does not follow on what was told.
  await upload(rideId, way(300, 60))
  await eventually('the trail as it may be seen now', () => {
    const latitudes = shown()
    return latitudes.length > 150 && Math.max(...latitudes) > latitudeAt(330) && !latitudes.some(isHidden)
  })
  // From its start, whose first places only confirm that it is outside, and not only what came behind the zone.
  expect(Math.min(...shown())).toBeLessThan(latitudeAt(5))

  /** As far as it is surely within, wherever the circle was moved to across the way. */
  function isHidden(latitude: number): boolean {
    return Math.abs(latitude - zone.latitude) * 111_170 < 250
  }
})
