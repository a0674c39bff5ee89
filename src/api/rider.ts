/** Riders. */
import { builder } from './builder.ts'

interface RiderRow {
  readonly rider_id: string
  readonly name: string
}

export const Rider = builder.loadableObjectRef<RiderRow, string>('Rider', {
  load: async (ids, { read }) => {
    const rows = await read
      .selectFrom('riders')
      .select(['rider_id', 'name'])
      .where('rider_id', 'in', ids)
      .execute()
    const byId = new Map(rows.map((row) => [row.rider_id, row]))
    return ids.map((id) => byId.get(id) ?? new Error('A ride names a rider who is not there.'))
  },
})

Rider.implement({
  description: 'Who rides.',
  fields: (t) => ({ id: t.exposeID('rider_id'), name: t.exposeString('name') }),
})

builder.queryField('viewer', (t) =>
  t.field({
    type: Rider,
    nullable: true,
    description: 'Who asks.',
    resolve: (_, __, { viewer }) => viewer.riderId,
  }),
)
