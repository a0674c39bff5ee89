/**
 * Which of three maps this page can have: Mapbox where a token was set and is accepted; else MapLibre on
 * OpenFreeMap's tiles where the network has them; else MapLibre on the style built in.
 */
export type MapChoice = { kind: 'mapbox'; token: string } | { kind: 'openfreemap' } | { kind: 'built-in' }

export interface PageConfig {
  mapboxAccessToken: string | null
}

/** A map later than this is worse than a plainer map. */
const probeWithinMs = 2_000

export async function chooseMap(config: PageConfig): Promise<MapChoice> {
  const token = config.mapboxAccessToken
  if (token !== null && token !== '') {
    const style = new URL('https://api.mapbox.com/styles/v1/mapbox/light-v11')
    style.searchParams.set('access_token', token)
    if (await answers(style.href)) return { kind: 'mapbox', token }
  }
  // The browser knows when there is no network at all: then asking would only fill the console.
  if (navigator.onLine && (await answers('https://tiles.openfreemap.org/styles/positron'))) {
    return { kind: 'openfreemap' }
  }
  return { kind: 'built-in' }
}

/** The server's word on this page's configuration. Without it the page does with what it has. */
export async function loadPageConfig(): Promise<PageConfig> {
  try {
    const response = await fetch('/config.json')
    if (!response.ok) return { mapboxAccessToken: null }
    const config: Partial<PageConfig> = await response.json()
    return { mapboxAccessToken: config.mapboxAccessToken ?? null }
  } catch {
    // The server is away: the map needs no token, and the connection's banner says the rest.
    return { mapboxAccessToken: null }
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(probeWithinMs) })
    return response.ok
  } catch {
    // Blocked, refused or too slow are all the same answer: the next map is taken.
    return false
  }
}
