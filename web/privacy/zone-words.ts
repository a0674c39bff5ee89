/** What is said of zones. */
export const away = 'The server does not answer. Try again in a moment.'

/** `500 m`, `1.2 km` */
export function radiusInWords(metres: number): string {
  return metres < 1_000 ? `${Math.round(metres)} m` : `${(metres / 1_000).toFixed(1)} km`
}
