/** Security headers: of all that is answered, of the pages, of the reference, and of GraphiQL. */

const tiles = 'https://tiles.openfreemap.org'
const mapbox = 'https://api.mapbox.com https://events.mapbox.com https://*.tiles.mapbox.com'

const always = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
} as const

/**
 * Of each answer that is no page: nothing of it is to be shown in a frame, or taken for something to be carried out.
 *
 * @param isSecure whether browsers come by https: then they come by nothing else any more (RFC 6797).
 */
export function securityHeaders({ isSecure }: { isSecure: boolean }): Readonly<Record<string, string>> {
  return {
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    ...(isSecure && { 'strict-transport-security': `max-age=${yearSeconds}` }),
  }
}

const yearSeconds = 31_536_000

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

/** The reference of the API has a style beside it, and no script. */
export const referenceHeaders: Record<string, string> = {
  ...always,
  'content-security-policy':
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
}

/** GraphiQL brings its scripts and styles inside its page. */
export const graphiqlHeaders: Record<string, string> = {
  ...always,
  'content-security-policy':
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; worker-src 'self' blob:; base-uri 'none'; frame-ancestors 'none'",
}
