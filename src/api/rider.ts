/** Riders. */
import { builder } from './builder.ts'
import type { RideRow } from './ride-row.ts'

interface RiderRow {
  readonly riderId: string
  readonly name: string
}

export const Rider = builder.objectRef<RiderRow>('Rider').implement({
  description: 'Who rides.',
  fields: (t) => ({ id: t.exposeID('riderId'), name: t.exposeString('name') }),
})

/** A ride comes with its rider's name. */
export function riderOf({ riderId, riderName }: RideRow): RiderRow {
  if (riderName === null) throw new Error('A ride names a rider who is not there.')
  return { riderId, name: riderName }
}

builder.queryField('viewer', (t) =>
  t.field({
    type: Rider,
    nullable: true,
    description: 'Who asks; null where nobody is signed in.',
    resolve: async (_, __, { viewer: { riderId }, read }) => {
      if (riderId === null) return null
      const row = await read
        .selectFrom('riders')
        .select('name')
        .where('rider_id', '=', riderId)
        .executeTakeFirst()
      return row && { riderId, name: row.name }
    },
  }),
)
