/** From what the browser says of a place to a position that the server takes: what is not measured, or cannot be, is left out. */
import type { TakenPosition } from './entries.ts'

type Measured = Pick<
  GeolocationCoordinates,
  'latitude' | 'longitude' | 'altitude' | 'speed' | 'heading' | 'accuracy'
>

/** Field, least and most, and how many decimals say something; as the server has them (src/ride/ranges.ts). */
export const bounds = {
  altitude: [-1_000, 20_000, 1],
  speed: [0, 500, 2],
  heading: [0, 360, 1],
  accuracy: [0, 1_000_000, 1],
  battery: [0, 1, 3],
} as const

/**
 * @param battery the charge, 0 to 1; null where the browser does not tell.
 * @returns null: it is no place.
 */
export function takePosition(coords: Measured, at: number, battery: number | null): TakenPosition | null {
  const { latitude, longitude } = coords
  if (!(Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180)) return null
  const position: { -readonly [Field in keyof TakenPosition]: TakenPosition[Field] } = {
    at,
    latitude: rounded(latitude, 7),
    longitude: rounded(longitude, 7),
  }
  const measured = { ...pick(coords), battery }
  for (const field of ['altitude', 'speed', 'heading', 'accuracy', 'battery'] as const) {
    const value = measured[field]
    const [least, most, digits] = bounds[field]
    if (value !== null && value >= least && value <= most) position[field] = rounded(value, digits)
  }
  return position
}

/** The browser's own object has its values in its prototype: they are not there to be spread. */
function pick({ altitude, speed, heading, accuracy }: Measured) {
  return { altitude, speed, heading, accuracy }
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits))
}
