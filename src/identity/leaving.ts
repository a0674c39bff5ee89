/**
 * A rider leaves. What is done here is one transaction, and all of it counts from its commit: nobody signs in as him or comes with a
 * key of his, nobody is shown a ride of his, and the mark is there by which workers delete the rest
 * (`#projections/leaving-riders.ts`), whatever dies in between.
 */
import { type ConnectionPool, sql } from '@databases/pg'

export type Leave =
  /** With what had let him in, for whoever knows it already. */
  | { readonly outcome: 'leaving'; readonly credentialIds: readonly string[] }
  /** There is no other account, and there has to be one. */
  | { readonly outcome: 'last account' }

/** Rides are shown to others that were masked by the newest of their rider's zones (0012_audiences.sql): by these none ever is. */
const hidden = 2_147_483_647

/** @param keepsLast whether whoever came behind the last account could take the server over. */
export async function leave(
  database: ConnectionPool,
  riderId: string,
  { keepsLast }: { readonly keepsLast: boolean },
): Promise<Leave> {
  return database.tx(async (transaction): Promise<Leave> => {
    // Of the last two who leave at the same time one is the last: accounts are made under the same lock (0013_accounts.sql).
    await transaction.query(sql`select pg_advisory_xact_lock(13)`)
    const others = await transaction.query(sql`select from accounts where id <> ${riderId} limit 1`)
    if (keepsLast && others.length === 0) return { outcome: 'last account' }
    await transaction.query(sql`
      insert into leaving_riders (rider_id) values (${riderId}) on conflict do nothing`)
    await transaction.query(sql`
      update riders set mask_version = ${hidden}, masked_version = ${hidden} where rider_id = ${riderId}`)
    const ended: { id: string }[] = [
      ...(await transaction.query(sql`delete from sessions where user_id = ${riderId} returning id`)),
      ...(await transaction.query(sql`delete from api_keys where rider_id = ${riderId} returning id`)),
    ]
    await transaction.query(sql`delete from accounts where id = ${riderId}`)
    await transaction.query(sql`select pg_notify('leaving', '')`)
    return { outcome: 'leaving', credentialIds: ended.map(({ id }) => id) }
  })
}
