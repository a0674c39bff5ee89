/**
 * Meridians and parallels for what is in view: the one thing on the built-in map that shows scale and place where
 * there is neither coast nor border.
 *
 * Pure. The step follows the zoom, so that there are always a few lines and never many.
 */
import type { Box } from './geodesy.ts'
import type { Place } from './glide.ts'

export interface Graticule {
  /** The same for two boxes that have the same lines. */
  key: string
  /** Degrees, each with its label. */
  meridians: { longitude: number; label: string }[]
  parallels: { latitude: number; label: string }[]
}

const stepsDegrees = [45, 30, 15, 10, 5, 2, 1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001]
/** About so many lines across what is seen. */
const wantedLines = 4

/** @param spanDegrees how much of the parallel is in view: it decides the step. */
export function graticule(box: Box, spanDegrees: number): Graticule {
  const step = stepsDegrees.find((candidate) => candidate <= spanDegrees / wantedLines) ?? 0.001
  const digits = Math.max(0, Math.ceil(-Math.log10(step)))
  const [west, east] = [Math.ceil(box.west / step), Math.floor(box.east / step)]
  const [south, north] = [
    Math.ceil(Math.max(box.south, -85) / step),
    Math.floor(Math.min(box.north, 85) / step),
  ]
  return {
    key: [step, west, east, south, north].join(' '),
    meridians: multiples(west, east, step).map((longitude) => {
      const turned = ((((longitude + 180) % 360) + 360) % 360) - 180
      return { longitude, label: label(turned, digits, 'E', 'W') }
    }),
    parallels: multiples(south, north, step).map((latitude) => ({
      latitude,
      label: label(latitude, digits, 'N', 'S'),
    })),
  }
}

/** The lines themselves, from edge to edge of `box`. */
export function graticuleLines({ meridians, parallels }: Graticule, box: Box): Place[][] {
  return [
    ...meridians.map(({ longitude }): Place[] => [
      [longitude, Math.max(box.south, -85)],
      [longitude, Math.min(box.north, 85)],
    ]),
    ...parallels.map(({ latitude }): Place[] => [
      [box.west, latitude],
      [box.east, latitude],
    ]),
  ]
}

/** So much more than what is seen, that a drag does not run off the lines before they are made anew. */
export function boxBeyond({ west, south, east, north }: Box): Box {
  const [width, height] = [east - west, north - south]
  return { west: west - width, south: south - height, east: east + width, north: north + height }
}

function multiples(first: number, last: number, step: number): number[] {
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => (first + index) * step)
}

function label(degrees: number, digits: number, positive: string, negative: string): string {
  const size = Math.abs(degrees).toFixed(digits)
  if (Number(size) === 0) return '0°'
  if (Number(size) === 180) return '180°'
  return `${size}° ${degrees < 0 ? negative : positive}`
}
