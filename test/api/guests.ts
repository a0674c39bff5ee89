/** A product where people sign in, its rider, a stranger, and nobody. */
import { afterAll, beforeAll } from 'vitest'
import { type FreshDatabase, freshDatabase } from '../support/database.ts'
import { type Product, startProduct, withSignIn } from '../support/product.ts'
import { type AsRider, asRider } from '../support/riders.ts'
import { type ApiClient, connect } from './client.ts'

export interface Guests {
  product: Product
  databaseUrl: string
  owner: ApiClient
  stranger: ApiClient
  nobody: ApiClient
  asOwner: AsRider
}

/** As `serve` of `serve.ts`. */
export function serveGuests(): Guests {
  const guests = {} as Guests
  let database: FreshDatabase | undefined
  beforeAll(async () => {
    database = await freshDatabase()
    guests.databaseUrl = database.url
    const limits = { LIMIT_ANONYMOUS_REQUESTS_PER_MINUTE: 'off' }
    guests.product = await startProduct({ env: { ...withSignIn, ...limits, DATABASE_URL: database.url } })
    const { product } = guests
    guests.asOwner = await asRider(product, 'Olga')
    guests.owner = connect(product.url, guests.asOwner)
    guests.stranger = connect(product.url, await asRider(product, 'Sven'))
    guests.nobody = connect(product.url)
  })
  afterAll(async () => {
    for (const each of [guests.owner, guests.stranger, guests.nobody, guests.product, database]) {
      await each?.[Symbol.asyncDispose]()
    }
  })
  return guests
}
