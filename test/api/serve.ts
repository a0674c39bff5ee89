/** The product and a client of it, for a file of tests. */
import { afterAll, beforeAll } from 'vitest'
import { type FreshDatabase, freshDatabase } from '../support/database.ts'
import { type Product, startProduct } from '../support/product.ts'
import { type ApiClient, connect } from './client.ts'

export interface Served {
  product: Product
  client: ApiClient
  databaseUrl: string
}

/**
 * Starts before the file's first test and ends behind its
 * last; what it gives is there within tests and hooks.
 */
export function serve(): Served {
  const served = {} as Served
  let database: FreshDatabase | undefined
  beforeAll(async () => {
    database = await freshDatabase()
    served.databaseUrl = database.url
    served.product = await startProduct({ env: { DATABASE_URL: database.url } })
    served.client = connect(served.product.url)
  })
  afterAll(async () => {
    await served.client?.[Symbol.asyncDispose]()
    await served.product?.[Symbol.asyncDispose]()
    await database?.[Symbol.asyncDispose]()
  })
  return served
}
