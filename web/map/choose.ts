/**
 * Which of three maps this page can have: Mapbox where a token was set and is accepted; else MapLibre on
 * OpenFreeMap's tiles where the network has them; else MapLibre on the style built in.
 */
export type MapChoice = { kind: 'mapbox'; token: string } | { kind: 'openfreemap' } | { kind: 'built-in' }

/** Why it is not the map that was configured: its service refused the token. */
export type Fallback = 'mapbox-refused'

export interface PageConfig {
  mapboxAccessToken: string | null
}

/** A map later than this is worse than a plainer map. */
const probeWithinMs = 2_000

export async function chooseMap(
  config: PageConfig,
): Promise<{ choice: MapChoice; fallback: Fallback | null }> {
  const token = config.mapboxAccessToken
  let fallback: Fallback | null = null
  if (token !== null && token !== '') {
    const style = new URL('https://api.mapbox.com/styles/v1/mapbox/light-v11')
    style.searchParams.set('access_token', token)
    const status = await statusOf(style.href)
    if (status === 200) return { choice: { kind: 'mapbox', token }, fallback }
    if (status === 401 || status === 403) fallback = 'mapbox-refused'
  }
  // The browser knows when there is no network at all: then asking would only fill the console.
  if (navigator.onLine && (await statusOf('https://tiles.openfreemap.org/styles/positron')) === 200) {
    return { choice: { kind: 'openfreemap' }, fallback }
  }
  return { choice: { kind: 'built-in' }, fallback }
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

/** Null where nothing answered in time. */
async function statusOf(url: string): Promise<number | null> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(probeWithinMs) })).status
  } catch {
    // Blocked or too slow are the same answer: the next map is taken.
    return null
  }
}
