import { describe, expect, it, vi } from 'vitest'
import { createFreeRoom, roomBeside } from '../../../web/map/room.ts'

const map = { width: 1_500, height: 750 }
const all = { left: 0, top: 0, right: 1_500, bottom: 750 }

describe('the room on the map', () => {
  it('is right of a card in the lower left corner of a wide map', () => {
    const card = { left: 12, top: 450, right: 392, bottom: 714 }
    expect(roomBeside(map, card)).toEqual({ ...all, left: 392 })
  })

  it('is above a card that is as wide as the map', () => {
    const card = { left: 0, top: 300, right: 390, bottom: 700 }
    expect(roomBeside({ width: 390, height: 355 }, card)).toEqual({
      left: 0,
      top: 0,
      right: 390,
      bottom: 300,
    })
  })

  it('is all of it where nothing lies over it, or everything', () => {
    expect(roomBeside(map, { left: 0, top: 0, right: 0, bottom: 0 })).toEqual(all)
    expect(roomBeside(map, { left: 0, top: 750, right: 390, bottom: 900 })).toEqual(all)
    expect(roomBeside(map, { left: -10, top: -10, right: 2_000, bottom: 1_000 })).toEqual(all)
  })

  it('is that of the map as it is laid out, also before the map is told of another size', () => {
    vi.stubGlobal('ResizeObserver', class {})
    const size = { clientWidth: 1_500, clientHeight: 750 }
    const container = Object.assign(size, { getBoundingClientRect: () => ({ left: 0, top: 0 }) })
    const room = createFreeRoom(container as unknown as HTMLElement, () => {})
    expect(room.now()).toEqual(all)
    size.clientHeight = 396
    expect(room.now()).toEqual({ ...all, bottom: 396 })
    vi.unstubAllGlobals()
  })
})
