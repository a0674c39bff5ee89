/** Riders, by what people call them. */
import { randomUUID } from 'node:crypto'
import { type Queryable, sql } from '@databases/pg'

export type Found =
  | { readonly outcome: 'found' | 'made'; readonly riderId: string }
  /** Several have the name. */
  | { readonly outcome: 'several'; readonly riderIds: readonly string[] }
  /** An e-mail or an id that no rider has. */
  | { readonly outcome: 'unknown' }

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** The rider of this name, e-mail or id. Of a name that nobody has one is made, who has no password. */
export async function riderCalled(database: Queryable, called: string): Promise<Found> {
  const isId = uuid.test(called)
  const rows: { rider_id: string }[] = await database.query(
    isId
      ? sql`select rider_id from riders where rider_id = ${called}`
      : sql`select rider_id from riders where name = ${called}
            union select id from accounts where email = ${called.toLowerCase()}
            order by rider_id limit 10`,
  )
  const [row, ...others] = rows
  if (row !== undefined) {
    return others.length === 0
      ? { outcome: 'found', riderId: row.rider_id }
      : { outcome: 'several', riderIds: rows.map(({ rider_id: riderId }) => riderId) }
  }
  if (isId || called.includes('@')) return { outcome: 'unknown' }
  const riderId = randomUUID()
  await database.query(sql`insert into riders (rider_id, name) values (${riderId}, ${called})`)
  return { outcome: 'made', riderId }
}
