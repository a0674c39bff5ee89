/**
 * What the map libraries' `project` does for a map that is neither turned nor tilted, which ours never is: Web Mercator, without
 * making objects, so that a thousand markers can ask with every frame.
 *
 * @see https://en.wikipedia.org/wiki/Web_Mercator_projection
 */
import type { Camera } from './engine.ts'
import type { Place } from './glide.ts'

/** Of the world at zoom 0, in CSS pixels. */
const worldPx = 512
const mostNorth = 85.051129

export interface ScreenPoint {
  x: number
  y: number
}

export interface FlatView {
  readonly width: number
  readonly height: number
  readonly zoom: number
  /** Changes `into` and gives it back: CSS pixels from the top left corner, of the nearest of the worlds side by side. */
  project(place: Place, into?: ScreenPoint): ScreenPoint
}

export function flatView({ longitude, latitude, zoom }: Camera, width: number, height: number): FlatView {
  const scale = worldPx * 2 ** zoom
  const [middleX, middleY] = [eastward(longitude), southward(latitude)]
  return {
    width,
    height,
    zoom,
    project(place, into = { x: 0, y: 0 }) {
      const east = eastward(place[0]) - middleX
      into.x = width / 2 + (east - Math.round(east)) * scale
      into.y = height / 2 + (southward(place[1]) - middleY) * scale
      return into
    },
  }
}

/** From 180° W, in worlds. */
function eastward(longitude: number): number {
  return longitude / 360 + 0.5
}

/** From the north of the square that is the world, in worlds. */
function southward(latitude: number): number {
  const within = Math.max(-mostNorth, Math.min(mostNorth, latitude))
  const sine = Math.sin((within * Math.PI) / 180)
  return 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)
}
