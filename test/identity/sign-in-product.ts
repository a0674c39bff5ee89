/** A product that people sign in to, by a password or by a provider, and the people who do. */
import pg from 'pg'
import { afterAll, beforeAll } from 'vitest'
import { type FreshDatabase, freshDatabase } from '../support/database.ts'
import { freePort } from '../support/free-port.ts'
import { type Product, startProduct, withSignIn } from '../support/product.ts'
import { type Issuer, startIssuer } from './issuer.ts'
import { openVisitor, type Visitor } from './visitor.ts'

export const password = 'correct horse battery'

export interface SignInProduct {
  issuer: Issuer
  fresh: FreshDatabase
  product: Product
  database: pg.Client
}

/** Starts before the file's first test and ends behind its last; what it gives is there within tests and hooks. */
export function serveSignIn(envOf: (issuer: Issuer) => Readonly<Record<string, string>> = () => ({})) {
  const served = {} as SignInProduct
  beforeAll(async () => {
    served.issuer = await startIssuer()
    served.fresh = await freshDatabase()
    const { issuer, fresh } = served
    const port = String(await freePort())
    served.product = await startProduct({
      env: {
        ...withSignIn,
        DATABASE_URL: fresh.url,
        PORT: port,
        PUBLIC_URL: `http://127.0.0.1:${port}`,
        SIGN_UP: 'open',
        OIDC_ISSUER: issuer.url,
        OIDC_CLIENT_ID: issuer.clientId,
        OIDC_CLIENT_SECRET: issuer.clientSecret,
        TRUSTED_PROXIES: '127.0.0.1',
        ...envOf(issuer),
      },
    })
    served.database = new pg.Client(fresh.url)
    await served.database.connect()
  })
  afterAll(async () => {
    await served.database?.end()
    for (const each of [served.product, served.fresh, served.issuer]) await each?.[Symbol.asyncDispose]()
  })
  return served
}

/** Each from an address of its own, so that nobody is counted together with others. */
let visitors = 0
export const somebody = (): Record<string, string> => ({ 'x-forwarded-for': `192.0.2.${++visitors}` })

export interface SignedUp {
  readonly visitor: Visitor
  /** Of signing up and of signing in. */
  readonly statuses: readonly number[]
  readonly from: Record<string, string>
}

export async function signUp(
  { url }: Pick<Product, 'url'>,
  email: string,
  name: string,
  from: Record<string, string> = somebody(),
): Promise<SignedUp> {
  const visitor = openVisitor(url)
  const up = await visitor.post('/api/auth/sign-up/email', { email, password, name }, from)
  const into = await visitor.post('/api/auth/sign-in/email', { email, password }, from)
  return { visitor, statuses: [up.status, into.status], from }
}
