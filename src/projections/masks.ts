/** Riders' privacy zones, as rides are masked by them. */
import { type Queryable, sql } from '@databases/pg'
import { type Mask, noMask } from '#ride/mask.ts'

/** As it is at this moment: a change that was answered is in it. */
export async function maskOfRider(database: Queryable, riderId: string): Promise<Mask> {
  const [row] = await database.query(sql`
    select mask_version as version,
           coalesce((select json_agg(json_build_object('latitude', latitude, 'longitude', longitude, 'radius', radius)
                                     order by created_at, id)
                       from privacy_zones z where z.rider_id = r.rider_id and z.removed_at is null), '[]') as zones
      from riders r where r.rider_id = ${riderId}`)
  return row === undefined ? noMask : (row as Mask)
}
