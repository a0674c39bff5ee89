/** Riders. */
import type { Kysely } from 'kysely'
import type { ReadTables } from '#projections/tables.ts'
import { builder } from './builder.ts'
import { asGraphQLError } from './errors.ts'
import type { RideRow } from './ride-row.ts'
import { isKnownRider } from './rider-numbers.ts'
import { isUuid } from './uuid.ts'

interface RiderRow {
  readonly riderId: string
  readonly name: string
}

export const Rider = builder.objectRef<RiderRow>('Rider').implement({
  description: 'Who rides.',
  fields: (t) => ({
    id: t.exposeID('riderId', { description: 'A UUID.' }),
    name: t.exposeString('name', { description: 'What the rider is called.' }),
  }),
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
      return riderNamed(read, riderId)
    },
  }),
)

const anId = '6f1c2a34-5b6d-4e7f-8a90-b1c2d3e4f506'

builder.queryField('rider', (t) =>
  t.field({
    type: Rider,
    nullable: true,
    description: 'One rider. Null where there is none, or nobody of whom the viewer may see a ride.',
    args: { id: t.arg.id({ required: true, description: 'As `Rider.id` has it.' }) },
    resolve: async (_, { id }, { viewer, read, loaders, afresh }) => {
      const riderId = id.toLowerCase()
      if (!isUuid(riderId)) throw asGraphQLError('INVALID_INPUT', `\`id\` is a UUID, such as ${anId}.`)
      const isSeen =
        viewer.riderId === riderId ||
        (await isKnownRider(read, viewer, riderId, await afresh?.unlistedFor(viewer))) ||
        (viewer.share !== undefined &&
          (await loaders.rideLoader.load(viewer.share.rideId))?.riderId === riderId)
      return isSeen ? riderNamed(read, riderId) : null
    },
  }),
)

async function riderNamed(read: Kysely<ReadTables>, riderId: string): Promise<RiderRow | null> {
  const row = await read
    .selectFrom('riders')
    .select('name')
    .where('rider_id', '=', riderId)
    .executeTakeFirst()
  return row === undefined ? null : { riderId, name: row.name }
}
