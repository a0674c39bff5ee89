/** Which road a request takes, without what is somebody's own in its address. */

const known =
  /^\/(graphql|rides\/import|api\/auth\/[a-z-]+(\/[a-z]+)?|config\.json|healthz|readyz|metrics|assets\/)/

export function roadOf(url: string): string {
  const path = url.split('?', 1)[0] ?? ''
  const [, name] = known.exec(path) ?? []
  if (name !== undefined) return `/${name}`
  const extension = /^\/rides\/[^/]*\.(gpx|tcx|geojson)$/i.exec(path)?.[1]
  return extension === undefined ? 'a page' : `/rides/{id}.${extension.toLowerCase()}`
}

/** For counting: what is below `/api/auth/` is whatever somebody asks for. */
export function broadRoadOf(url: string): string {
  if (url === '/graphql') return url
  const road = roadOf(url)
  return road.startsWith('/api/auth/') ? '/api/auth' : road
}
