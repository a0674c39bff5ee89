/** A tiny OpenID provider: it lets everybody in as whoever the test says, and signs tokens as the test wants them. */
import { createHash, randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose'

export interface Issuer extends AsyncDisposable {
  readonly url: string
  readonly jwksUrl: string
  readonly clientId: string
  readonly clientSecret: string
  /** Who comes to sign in next. */
  person: Record<string, unknown>
  /** How often its keys were asked for. */
  readonly keysAsked: () => number
  /** A token of this issuer, good for an hour unless the claims say otherwise. */
  sign(claims: JWTPayload, options?: Signing): Promise<string>
}

interface Signing {
  readonly key?: CryptoKey
  readonly alg?: string
  readonly endless?: boolean
}

interface Grant {
  readonly challenge: string
  readonly nonce: string | null
  readonly redirect: string
}

export async function startIssuer(): Promise<Issuer> {
  const { publicKey, privateKey } = await generateKeyPair('RS256')
  const jwk = { ...(await exportJWK(publicKey)), kid: 'the key', alg: 'RS256', use: 'sig' }
  const grants = new Map<string, Grant>()
  const clientId = 'slipstream'
  const clientSecret = 'known to both'
  let keysAsked = 0

  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', url)
    const answer = (body: unknown, status = 200) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    if (pathname === '/.well-known/openid-configuration') {
      return answer({
        issuer: url,
        authorization_endpoint: `${url}/authorize`,
        token_endpoint: `${url}/token`,
        jwks_uri: `${url}/jwks`,
        response_types_supported: ['code'],
        subject_types_supported: ['public'],
        id_token_signing_alg_values_supported: ['RS256'],
      })
    }
    if (pathname === '/jwks') {
      keysAsked++
      return answer({ keys: [jwk] })
    }
    if (pathname === '/authorize') {
      const redirect = searchParams.get('redirect_uri') ?? ''
      const code = randomBytes(16).toString('hex')
      const challenge = searchParams.get('code_challenge') ?? ''
      grants.set(code, { challenge, nonce: searchParams.get('nonce'), redirect })
      const location = new URL(redirect)
      location.searchParams.set('code', code)
      location.searchParams.set('state', searchParams.get('state') ?? '')
      return response.writeHead(302, { location: location.href }).end()
    }
    if (pathname === '/token') {
      let body = ''
      request.setEncoding('utf8').on('data', (text: string) => (body += text))
      request.on('end', async () => {
        const asked = new URLSearchParams(body)
        const grant = grants.get(asked.get('code') ?? '')
        const verifier = createHash('sha256')
          .update(asked.get('code_verifier') ?? '')
          .digest('base64url')
        const basic = `Basic ${Buffer.from(`${clientId}:${encodeURIComponent(clientSecret)}`).toString('base64')}`
        const isClient =
          asked.get('client_secret') === clientSecret || request.headers.authorization === basic
        if (grant === undefined || verifier !== grant.challenge || !isClient) {
          return answer({ error: 'invalid_grant' }, 400)
        }
        const nonce = grant.nonce === null ? {} : { nonce: grant.nonce }
        const idToken = await issuer.sign({ aud: clientId, ...issuer.person, ...nonce })
        return answer({
          access_token: 'nothing to be had',
          token_type: 'Bearer',
          expires_in: 60,
          id_token: idToken,
        })
      })
      return
    }
    return answer({ error: 'not found' }, 404)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`

  const issuer: Issuer = {
    ...{ url, clientId, clientSecret },
    jwksUrl: `${url}/jwks`,
    person: {},
    keysAsked: () => keysAsked,
    sign: (claims, { key = privateKey, alg = 'RS256', endless = false } = {}) =>
      new SignJWT({ iss: url, ...(!endless && { exp: Math.floor(Date.now() / 1000) + 3600 }), ...claims })
        .setProtectedHeader({ alg, kid: 'the key' })
        .setIssuedAt()
        .sign(key),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return issuer
}
