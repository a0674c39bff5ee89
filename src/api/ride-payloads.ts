/** What the mutations answer where they were accepted. */
import { writeCursor } from '#log/cursor.ts'
import { builder } from './builder.ts'
import type { Accepted } from './perform-command.ts'
import { arrivalTimeoutMs, Ride } from './ride.ts'

/** `version` is the ride's after the command, `cursor` stands behind its event. */
export function payload<Payload extends Accepted>(name: string) {
  const ref = builder.objectRef<Payload>(name)
  builder.objectFields(ref, (t) => ({
    rideId: t.id({ description: 'Which ride.', resolve: ({ rideId }) => rideId }),
    version: t.int({
      description: "The ride's version after this command.",
      resolve: ({ version }) => version,
    }),
    cursor: t.field({
      type: 'Cursor',
      description: "Stands behind this command's event.",
      resolve: ({ rideId, version, position }, _, { log }) =>
        writeCursor(log, { streamId: rideId, version, position }),
    }),
    ride: t.field({
      type: Ride,
      nullable: true,
      description: 'As it is in this version. It is waited for; null when that takes over two seconds.',
      resolve: async ({ rideId, version }, _, { arrivals, log, loaders }) => {
        const partition = log.partitionOf(rideId)
        if (!(await arrivals.arrived({ partition, rideId, version }, arrivalTimeoutMs))) return null
        return loaders.rideLoader.clear(rideId).load(rideId)
      },
    }),
  }))
  return ref
}

const description = 'It is recorded; sent again with the same id, it is answered as it was the first time.'

export const StartRidePayload = payload('StartRidePayload').implement({ description })
export const PauseRidePayload = payload('PauseRidePayload').implement({ description })
export const ResumeRidePayload = payload('ResumeRidePayload').implement({ description })
export const EndRidePayload = payload('EndRidePayload').implement({ description })
export const EditRidePayload = payload('EditRidePayload').implement({ description })
export const RecordPositionsPayload = payload<Accepted & { readonly accepted: number }>(
  'RecordPositionsPayload',
).implement({
  description,
  fields: (t) => ({
    accepted: t.exposeInt('accepted', { description: 'How many positions the upload held.' }),
  }),
})

/** There is nothing behind it to continue from, and no ride to show. */
export const DeleteRidePayload = builder
  .objectRef<Pick<Accepted, 'rideId' | 'version'>>('DeleteRidePayload')
  .implement({
    description: 'The ride is deleted: nobody finds it any more.',
    fields: (t) => ({
      rideId: t.exposeID('rideId', { description: 'Which ride it was.' }),
      version: t.exposeInt('version', { description: 'The last version that the ride had.' }),
    }),
  })
