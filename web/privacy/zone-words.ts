/** What is said of zones. */
export const nameless = 'Give the zone a name that you know it by.'

/** `500 m`, `1.2 km` */
export function radiusInWords(metres: number): string {
  return metres < 1_000 ? `${Math.round(metres)} m` : `${(metres / 1_000).toFixed(1)} km`
}
