/** What is said of zones. */
import { metresPerMile, type Units } from '../../rides/format.ts'

export const nameless = 'Give the zone a name.'

/** `500 m`, `1.2 km`; `0.31 mi` */
export function radiusInWords(metres: number, units: Units): string {
  if (units === 'imperial') return `${(metres / metresPerMile).toFixed(2)} mi`
  return metres < 1_000 ? `${Math.round(metres)} m` : `${(metres / 1_000).toFixed(1)} km`
}
