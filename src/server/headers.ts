/** Security headers of the pages. */

const tiles = 'https://tiles.openfreemap.org'
const mapbox = 'https://api.mapbox.com https://events.mapbox.com https://*.tiles.mapbox.com'

const always = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
} as const

/** The map's own tiles come from where its style is; Mapbox only where there is a token for it. */
export function pageHeaders({ withMapbox }: { withMapbox: boolean }): Record<string, string> {
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    `img-src 'self' data: blob: ${tiles}${withMapbox ? ` ${mapbox}` : ''}`,
    `connect-src 'self' ${tiles}${withMapbox ? ` ${mapbox}` : ''}`,
    `worker-src 'self'${withMapbox ? ' blob:' : ''}`,
    "manifest-src 'self'",
    "font-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ')
  return { ...always, 'content-security-policy': policy }
}

/** GraphiQL brings its scripts and styles inside its page. */
export const graphiqlHeaders: Record<string, string> = {
  ...always,
  'content-security-policy':
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; worker-src 'self' blob:; base-uri 'none'; frame-ancestors 'none'",
}
