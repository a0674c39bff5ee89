/**
 * Riders of a product and their API keys, made in its database as `npm run token` makes them, in a few milliseconds:
 *
 * ```ts
 * await using product = await startProduct({ env: withSignIn })
 * const ana = await asRider(product, 'Ana', ['rides:read'])
 * await fetch(`${product.url}/graphql`, { headers: { authorization: ana.authorization, … } })
 * ```
 */
import { createHash, randomBytes } from 'node:crypto'
import pg from 'pg'
import type { Scope } from '#rights/viewer.ts'
import type { Product } from './product.ts'

export interface AsRider {
  readonly riderId: string
  readonly keyId: string
  /** The secret: `slip_…`. */
  readonly key: string
  /** What the header of that name has to be, or `connectionParams.authorization`. */
  readonly authorization: string
}

/** The rider of that name, made where there is none, with a new key. */
export async function asRider(
  product: Pick<Product, 'databaseUrl'>,
  name: string,
  scopes: readonly Scope[] = ['rides:read', 'rides:write'],
  { expiresAt = null }: { readonly expiresAt?: Date | null } = {},
): Promise<AsRider> {
  const key = `slip_${randomBytes(32).toString('base64url')}`
  const client = new pg.Client(await product.databaseUrl())
  await client.connect()
  try {
    const { rows } = await client.query(
      `with known as (select rider_id from riders where name = $1 limit 1),
            made as (insert into riders (rider_id, name) select gen_random_uuid(), $1
                      where not exists (select from known) returning rider_id),
            rider as (select * from known union all select * from made)
       insert into api_keys (rider_id, name, secret_hash, prefix, scopes, expires_at)
       select rider_id, 'a test', $2, $3, $4, $5 from rider
       returning id, rider_id`,
      [name, createHash('sha256').update(key).digest(), key.slice(0, 9), scopes, expiresAt],
    )
    const { id: keyId, rider_id: riderId } = rows[0]
    return { riderId, keyId, key, authorization: `Bearer ${key}` }
  } finally {
    await client.end()
  }
}

/** As somebody else than the product would do it: in the database, and no process is told but by it. */
export async function revokeDirectly(product: Pick<Product, 'databaseUrl'>, keyId: string): Promise<void> {
  const client = new pg.Client(await product.databaseUrl())
  await client.connect()
  await client.query('update api_keys set revoked_at = now() where id = $1', [keyId])
  await client.end()
}
