import { describe, expect, it } from 'vitest'
import { thinTrack } from '../../../web/live/thin-track.ts'
import { createTrack, type LonLat, type Track } from '../../../web/live/track.ts'
import { metresBetween } from '../../../web/map/geodesy.ts'

/** A spiral, a place each three metres. */
function ridden(count: number): LonLat[] {
  return Array.from({ length: count }, (_, index) => {
    const turn = index / 200
    const radius = 0.0002 * turn
    return [7 + radius * Math.cos(turn), 46 + radius * Math.sin(turn)]
  })
}

function trackOf(...lines: LonLat[][]): Track {
  return { ...createTrack(), lines }
}

describe('a trail that is thinned', () => {
  it('stays within its bounds however long the ride is', () => {
    const track = trackOf([])
    let most = 0
    for (const place of ridden(20_000)) {
      track.lines.at(-1)?.push(place)
      thinTrack(track, 1_000)
      most = Math.max(most, track.lines.flat().length)
    }
    expect(most).toBeLessThanOrEqual(1_000)
    expect(track.lines.flat().length).toBeGreaterThan(300)
  })

  it('keeps where it began, and the newest as it was sent', () => {
    const line = ridden(5_000)
    const track = trackOf([...line])
    thinTrack(track, 1_000)
    expect(track.lines[0]?.[0]).toEqual(line[0])
    expect(track.lines[0]?.slice(-200)).toEqual(line.slice(-200))
  })

  it('leaves no place of the ride far from the line', () => {
    const line = ridden(5_000)
    const track = trackOf([...line])
    thinTrack(track, 2_000)
    const kept = track.lines.flat()
    const furthest = Math.max(
      ...line.map((place) => Math.min(...kept.map((other) => metresBetween(place, other)))),
    )
    expect(furthest).toBeLessThan(80)
  })

  it('is left alone where it is short, and keeps its stretches apart', () => {
    const track = trackOf(ridden(10), ridden(20))
    const { lines } = track
    thinTrack(track, 30)
    expect(track.lines).toBe(lines)
    const long = trackOf(ridden(2_000), ridden(2_000))
    thinTrack(long, 1_000)
    expect(long.lines).toHaveLength(2)
  })
})
