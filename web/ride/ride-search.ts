/** What the address of a ride's page says of how it is shown, so that a link shows another the same. */

export const colourings = ['plain', 'speed', 'gradient', 'heartRate', 'power'] as const
export type Colouring = (typeof colourings)[number]
export const usualColouring: Colouring = 'speed'

export interface RideSearch {
  /** What the route's colours mean; left out: `usualColouring`. */
  colour?: Colouring
  /** What the charts run along; left out: distance. */
  along?: 'time'
}

export function validateRideSearch(raw: Record<string, unknown>): RideSearch {
  const colour = colourings.find((each) => each === raw['colour'])
  return {
    ...(colour === undefined || colour === usualColouring ? {} : { colour }),
    ...(raw['along'] === 'time' ? { along: 'time' } : {}),
  }
}
