import { describe, expect, it } from 'vitest'
import type { RideFeedItem } from '../../../web/live/documents.ts'
import { applyFeedItem, createTrack, lastPlace, pointCount } from '../../../web/live/track.ts'

function item(version: number, type: RideFeedItem['type'], seconds: number[] = []): RideFeedItem {
  return {
    cursor: `c${version}`,
    version,
    type,
    status: type === 'PAUSED' ? 'PAUSED' : type === 'FINISHED' ? 'FINISHED' : 'ACTIVE',
    at: '2026-05-01T10:00:00Z',
    positions: seconds.map((second) => ({
      at: new Date(Date.UTC(2026, 4, 1, 10, 0, second)).toISOString(),
      latitude: 46 + second / 1_000,
      longitude: 7,
      heading: null,
    })),
    progress: seconds.length === 0 ? null : { distance: version, movingTime: 0, timerTime: 0, speed: null },
  }
}

describe('a track', () => {
  it('draws nothing twice when the feed repeats an item', () => {
    const track = createTrack()
    expect(applyFeedItem(track, item(1, 'STARTED'))).toBe(true)
    expect(applyFeedItem(track, item(2, 'POSITIONS_RECORDED', [1, 2]))).toBe(true)
    expect(applyFeedItem(track, item(2, 'POSITIONS_RECORDED', [1, 2]))).toBe(false)
    expect(applyFeedItem(track, item(1, 'STARTED'))).toBe(false)
    expect(pointCount(track)).toBe(2)
    expect(track.revision).toBe(2)
  })

  it('begins a new line after a pause', () => {
    const track = createTrack()
    for (const next of [
      item(1, 'STARTED'),
      item(2, 'POSITIONS_RECORDED', [1, 2]),
      item(3, 'PAUSED'),
      item(4, 'RESUMED'),
      item(5, 'POSITIONS_RECORDED', [50, 51, 52]),
    ]) {
      applyFeedItem(track, next)
    }
    expect(track.lines.map((line) => line.length)).toEqual([2, 3])
    expect(lastPlace(track)).toEqual([7, 46.052])
  })

  it('draws nothing of a pause, though it is sent behind it', () => {
    const track = createTrack()
    for (const next of [
      item(1, 'STARTED'),
      item(2, 'POSITIONS_RECORDED', [1, 2]),
      item(3, 'PAUSED'),
      { ...item(4, 'RESUMED'), at: '2026-05-01T10:00:50Z' },
      item(5, 'POSITIONS_RECORDED', [20, 30]),
      item(6, 'POSITIONS_RECORDED', [50, 51]),
    ]) {
      applyFeedItem(track, next)
    }
    expect(track.lines.map((line) => line.length)).toEqual([2, 2])
  })

  it('stands where it was while a new line is still empty', () => {
    const track = createTrack()
    applyFeedItem(track, item(1, 'POSITIONS_RECORDED', [1]))
    applyFeedItem(track, item(2, 'RESUMED'))
    expect(lastPlace(track)).toEqual([7, 46.001])
  })

  it('passes over samples without a fix, and over those that come late', () => {
    const track = createTrack()
    const lost = item(1, 'POSITIONS_RECORDED', [5])
    lost.positions = [
      { at: '2026-05-01T10:00:04Z', latitude: null, longitude: null, heading: null },
      ...lost.positions,
    ]
    applyFeedItem(track, lost)
    applyFeedItem(track, item(2, 'POSITIONS_RECORDED', [4, 6]))
    expect(track.lines).toEqual([
      [
        [7, 46.005],
        [7, 46.006],
      ],
    ])
  })

  it('keeps its numbers where an item brings none', () => {
    const track = createTrack()
    applyFeedItem(track, item(1, 'POSITIONS_RECORDED', [1]))
    applyFeedItem(track, item(2, 'FINISHED'))
    expect(track.progress?.distance).toBe(1)
    expect(track.status).toBe('FINISHED')
  })
})
