import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { flatView } from '../../../web/map/flat-view.ts'

const middle = { longitude: 7.5, latitude: 46.9, zoom: 8 }

describe('a flat view', () => {
  it('has what it looks at in its middle, north above and east to the right', () => {
    const view = flatView(middle, 800, 600)
    expect(view.project([7.5, 46.9])).toEqual({ x: 400, y: 300 })
    const { x, y } = view.project([7.6, 47])
    expect(x).toBeCloseTo(400 + (0.1 / 360) * 512 * 256, 6)
    expect(y).toBeLessThan(300)
  })

  it('shows each place in the nearest of the worlds side by side', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -180, max: 180, noNaN: true }),
        fc.double({ min: -720, max: 720, noNaN: true }),
        (longitude, at) => {
          const { x } = flatView({ longitude, latitude: 0, zoom: 0 }, 512, 512).project([at, 0])
          expect(Math.abs(x - 256)).toBeLessThanOrEqual(256 + 1e-6)
        },
      ),
    )
  })

  it('writes into what it is given, so that nothing is made with every frame', () => {
    const into = { x: 0, y: 0 }
    expect(flatView(middle, 800, 600).project([7.5, 46.9], into)).toBe(into)
  })
})
