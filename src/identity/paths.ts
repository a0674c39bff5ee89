/** Where people sign in, over HTTP. Apart from `accounts.ts`, so that the library is not read where nobody signs in. */

export const basePath = '/api/auth'
/** The library finds a client's address in headers only: the server sets this one, whatever the client sent. */
export const addressHeader = 'slipstream-client-address'
export const oidcProviderId = 'oidc'
