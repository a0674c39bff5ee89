/**
 * What of this origin the server answers itself: the API, files of rides, how it is. Tried on the path with what stands behind ?, as
 * somebody may look for a name with a full stop in it.
 */
export const notPages = [
  /^\/graphql/,
  /^\/docs(\/|\?|$)/,
  /^\/api\//,
  /^\/config\.json/,
  /^\/(healthz|readyz)/,
  /^[^?]*\.[a-z]+(\?|$)/i,
  /^\/rides\/import/,
]
