import { describe, expect, it } from 'vitest'
import type { RideFeedItem } from '../../../web/live/documents.ts'
import { createMarkers } from '../../../web/live/markers.ts'
import { applyFeedItem, createTrack } from '../../../web/live/track.ts'
import { boardOf, liveRide } from './live-ride.ts'

const position = (latitude: number) => ({
  at: '2026-05-01T10:00:00Z',
  latitude,
  longitude: 7,
  heading: 90,
  altitude: null,
  heartRate: null,
  cadence: null,
  power: null,
  battery: null,
})
const none = () => undefined

function recorded(version: number, ...latitudes: number[]): RideFeedItem {
  return {
    cursor: `c${version}`,
    version,
    type: 'POSITIONS_RECORDED',
    status: 'ACTIVE',
    at: '2026-05-01T10:00:00Z',
    positions: latitudes.map((latitude) => ({
      at: new Date(Date.UTC(2026, 4, 1, 10, 0, latitude)).toISOString(),
      latitude,
      longitude: 7,
      heading: null,
    })),
    progress: null,
  }
}

const entries = (version: number, latitude: number) => [
  ...boardOf(liveRide('a', version, { position: position(latitude) })).values(),
]

describe('the markers', () => {
  it('stand where the board says, with a status and a name; a ride without a place has none', () => {
    const board = boardOf(
      liveRide('a', 1, { position: position(46), status: 'PAUSED' }),
      liveRide('b', 1, { rider: { id: 'b', name: 'Bert' } }),
    )
    const { rides, trails } = createMarkers().of([...board.values()], none)
    expect(rides).toEqual([
      {
        rideId: 'a',
        version: 1,
        status: 'paused',
        label: 'Anna',
        place: [7, 46],
        through: [],
        isSetDown: false,
        heading: 90,
      },
    ])
    expect(trails.size).toBe(0)
  })

  it('are called by their titles where one rider has several', () => {
    const rider = { id: 'b', name: 'Bert' }
    const place = { position: position(46) }
    const board = boardOf(
      liveRide('x', 1, place),
      liveRide('y', 1, place),
      liveRide('z', 1, { ...place, rider }),
    )
    const { rides } = createMarkers().of([...board.values()], none)
    expect(rides.map(({ label }) => label)).toEqual(['x', 'y', 'Bert'])
  })

  it('have no names where there are many', () => {
    const board = boardOf(
      ...Array.from({ length: 13 }, (_, index) => liveRide(String(index), 1, { position: position(46) })),
    )
    const { rides } = createMarkers().of([...board.values()], none)
    expect(rides.every(({ label }) => label === null)).toBe(true)
  })

  it('go through every fix of a feed that has caught up, and are the same where nothing changed', () => {
    const markers = createMarkers()
    const track = createTrack()
    const trackOf = () => track
    applyFeedItem(track, recorded(1, 1, 2))
    expect(markers.of(entries(2, 3), trackOf).trails.size).toBe(0)
    applyFeedItem(track, recorded(2, 3))
    const board = entries(2, 3)
    const caughtUp = markers.of(board, trackOf)
    expect(caughtUp.rides[0]).toMatchObject({ version: 2, place: [7, 3], through: [] })
    expect(caughtUp.trails.get('a')).toBe(track.lines)
    expect(markers.of(board, trackOf).rides[0]).toBe(caughtUp.rides[0])
    applyFeedItem(track, recorded(3, 4, 5))
    expect(markers.of(board, trackOf).rides[0]).toMatchObject({
      version: 3,
      through: [
        [7, 4],
        [7, 5],
      ],
    })
  })

  it('stay on the trail where the board is told of something before the feed is', () => {
    const markers = createMarkers()
    const track = createTrack()
    applyFeedItem(track, recorded(1, 1, 2))
    markers.of(entries(1, 2), () => track)
    expect(markers.of(entries(2, 9), () => track).rides[0]).toMatchObject({ version: 1, place: [7, 2] })
  })

  it('leave a trail that was dropped', () => {
    const markers = createMarkers()
    const track = createTrack()
    applyFeedItem(track, recorded(1, 1, 2))
    markers.of(entries(1, 2), () => track)
    const { rides, trails } = markers.of(entries(1, 2), none)
    expect(trails.size).toBe(0)
    expect(rides[0]).toMatchObject({ place: [7, 2] })
  })
})
