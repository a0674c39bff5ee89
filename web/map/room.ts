/** The room that is left on the map beside what lies over it, as a card does: what is shown is shown there. */

/** In CSS pixels from the top left corner of the map. */
export interface Room {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

export interface FreeRoom {
  /** What lies over the map from now on; null: nothing does. */
  beside(cover: Element | null): void
  /** The map has another size. */
  measure(): void
  now(): Room
}

/** A card that grows by a line is no reason to move the map. */
const leastChangePx = 32

/** @param changed there is other room than when this was called last. */
export function createFreeRoom(container: HTMLElement, changed: () => void): FreeRoom {
  let cover: Element | null = null
  let size = { width: 0, height: 0 }
  let room = measured()
  let told = room
  const sizes = new ResizeObserver(() => {
    room = measured()
    tell()
  })

  function measured(): Room {
    const map = container.getBoundingClientRect()
    const { left, top, right, bottom } = cover?.getBoundingClientRect() ?? nowhere
    size = { width: container.clientWidth, height: container.clientHeight }
    return roomBeside(size, {
      left: left - map.left,
      top: top - map.top,
      right: right - map.left,
      bottom: bottom - map.top,
    })
  }

  function tell(): void {
    const isAlike = sides.every((side) => Math.abs(room[side] - told[side]) < leastChangePx)
    if (isAlike) return
    told = room
    changed()
  }

  function measure(): void {
    room = measured()
    told = room
  }

  return {
    beside(next) {
      if (cover !== null) sizes.unobserve(cover)
      cover = next
      if (cover !== null) sizes.observe(cover)
      room = measured()
      tell()
    },
    measure,
    now() {
      // It is laid out anew before anybody is told.
      if (size.width !== container.clientWidth || size.height !== container.clientHeight) measure()
      return room
    },
  }
}

const nowhere: Room = { left: 0, top: 0, right: 0, bottom: 0 }
const sides = ['left', 'top', 'right', 'bottom'] as const

/** The largest rectangle of the map that the cover leaves free; all of it where that lies beside the map, or leaves nothing. */
export function roomBeside({ width, height }: { width: number; height: number }, cover: Room): Room {
  const all: Room = { left: 0, top: 0, right: width, bottom: height }
  const { left, right } = { left: Math.max(0, cover.left), right: Math.min(width, cover.right) }
  const { top, bottom } = { top: Math.max(0, cover.top), bottom: Math.min(height, cover.bottom) }
  if (left >= right || top >= bottom) return all
  const rooms: Room[] = [
    { ...all, right: left },
    { ...all, left: right },
    { ...all, bottom: top },
    { ...all, top: bottom },
  ]
  const largest = rooms.reduce((a, b) => (areaOf(b) > areaOf(a) ? b : a))
  return areaOf(largest) > 0 ? largest : all
}

function areaOf({ left, top, right, bottom }: Room): number {
  return (right - left) * (bottom - top)
}
