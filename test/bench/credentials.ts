/** What a measured product is asked with: a rider's API key, as in production. Others are asked without. */

import type { Product } from '../support/product.ts'
import { type AsRider, asRider } from '../support/riders.ts'

const keys = new Map<string, AsRider>()

/** All that goes to this product from now on carries the key of the rider called so. */
export async function askAs(rider: string, product: Product): Promise<void> {
  // It looks how far the projections are.
  const scopes = ['rides:read', 'rides:write', 'admin'] as const
  keys.set(new URL(product.url).host, await asRider(product, rider, scopes))
}

/** Of the product at this address, whatever its scheme; none where it is not known. */
export function credentialsFor(url: string): { authorization?: string } {
  const authorization = keys.get(new URL(url).host)?.authorization
  return authorization === undefined ? {} : { authorization }
}

/** The key alone. */
export function keyFor(url: string): string | undefined {
  return keys.get(new URL(url).host)?.key
}
