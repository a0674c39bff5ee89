/**
 * Meridians and parallels for what is in view: the one thing on the built-in map that shows scale and place where
 * there is neither coast nor border.
 *
 * Pure. The step follows the zoom, so that there are always a few lines and never many.
 */
import type { Box } from './geodesy.ts'

export interface Graticule {
  /** Degrees, each with its label. */
  meridians: { longitude: number; label: string }[]
  parallels: { latitude: number; label: string }[]
}

const stepsDegrees = [45, 30, 15, 10, 5, 2, 1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001]
/** About so many lines across what is seen. */
const wantedLines = 4

export function graticule(box: Box): Graticule {
  const span = Math.max(box.east - box.west, 1e-9)
  const step = stepsDegrees.find((candidate) => candidate <= span / wantedLines) ?? 0.001
  const digits = Math.max(0, Math.ceil(-Math.log10(step)))
  return {
    meridians: multiples(box.west, box.east, step).map((longitude) => {
      const turned = ((((longitude + 180) % 360) + 360) % 360) - 180
      return { longitude, label: label(turned, digits, 'E', 'W') }
    }),
    parallels: multiples(Math.max(box.south, -85), Math.min(box.north, 85), step).map((latitude) => ({
      latitude,
      label: label(latitude, digits, 'N', 'S'),
    })),
  }
}

function multiples(from: number, to: number, step: number): number[] {
  const found: number[] = []
  for (let index = Math.ceil(from / step); index * step <= to; index++) found.push(index * step)
  return found
}

function label(degrees: number, digits: number, positive: string, negative: string): string {
  const size = Math.abs(degrees).toFixed(digits)
  if (Number(size) === 0) return '0°'
  return `${size}° ${degrees < 0 ? negative : positive}`
}
