import { describe, expect, it } from 'vitest'
import { flatView } from '../../../web/map/flat-view.ts'
import type { Place } from '../../../web/map/glide.ts'
import type { RideOnMap } from '../../../web/map/moving-ride.ts'
import { createRiders } from '../../../web/map/riders.ts'

const middle = { longitude: 14.5, latitude: 46, zoom: 10 }
const view = flatView(middle, 800, 600)
/** One CSS pixel to the east, in degrees. */
const pixel = 360 / (512 * 2 ** middle.zoom)

const ride = (name: string, version: number, place: Place): RideOnMap => ({
  rideId: name,
  version,
  status: 'active',
  label: null,
  place,
  through: [],
  isSetDown: true,
  heading: null,
})

/** Forty in one place, where they are shown as one, and one far from them. */
const crowd = (version: number, offset: number, alone: number) => [
  ...Array.from({ length: 40 }, (_, index) => ride(`r${index}`, version, [14.5 + offset * pixel, 46])),
  ride('alone', version, [14.5 + (200 + alone) * pixel, 46]),
]

describe('the picture of the riders is drawn anew', () => {
  function drawn() {
    const riders = createRiders()
    riders.set(crowd(1, 0, 0), 0, false)
    expect(riders.advance(view, 0).isChanged).toBe(true)
    expect(riders.clusters().map(({ members }) => members.length)).toEqual([40])
    return riders
  }

  it('when somebody has moved so far that it is seen, and not before', () => {
    const riders = drawn()
    expect(riders.advance(view, 10).isChanged).toBe(false)
    riders.set(crowd(2, 0, 0.4), 20, false)
    expect(riders.advance(view, 20).isChanged).toBe(false)
    riders.set(crowd(3, 0, 0.8), 30, false)
    expect(riders.advance(view, 30).isChanged).toBe(true)
    expect(riders.advance(view, 40).isChanged).toBe(false)
  })

  it('when many who are shown as one have moved their middle, and not for one of them', () => {
    const riders = drawn()
    riders.set([ride('r0', 2, [14.5 + 10 * pixel, 46]), ...crowd(1, 0, 0).slice(1)], 10, false)
    expect(riders.advance(view, 10).isChanged).toBe(false)
    riders.set(crowd(3, 1, 0), 20, false)
    expect(riders.advance(view, 20).isChanged).toBe(true)
    expect(riders.clusters()[0]?.x).toBeCloseTo(401, 6)
  })

  it('when somebody moves out of a crowd, within a second', () => {
    const riders = drawn()
    riders.set([ride('r0', 2, [14.5 + 100 * pixel, 46]), ...crowd(1, 0, 0).slice(1)], 10, false)
    riders.advance(view, 10)
    expect(riders.advance(view, 1_010).isChanged).toBe(true)
    expect(riders.find('r0')?.isClustered).toBe(false)
  })
})
