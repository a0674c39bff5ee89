/** What the mutations take. What is in it is checked by `ride-input.ts`. */
import { builder } from './builder.ts'
import { VisibilityEnum } from './enums.ts'
import { PositionInput } from './position.ts'

export const expectedVersionDescription =
  'Accepted only if the ride is at this version; else VERSION_CONFLICT. Left out, it may be at any.'
export const commandIdDescription =
  'A UUID made by the client. The same command sent again happens once and answers as it did the first time.'

const ofRide = 'Which ride.'

export const StartRideInput = builder.inputType('StartRideInput', {
  description: 'A ride that is to start.',
  fields: (t) => ({
    rideId: t.id({
      description:
        'A UUID made by the client, so that a ride can start offline and a retry starts no second ride.',
    }),
    startedAt: t.field({
      type: 'DateTime',
      description: 'When it starts; this second, where left out. No position may be from before it.',
    }),
    title: t.string({ description: 'What it is called, at most 200 characters.' }),
    visibility: t.field({ type: VisibilityEnum, description: 'Who may see it; PRIVATE, where left out.' }),
  }),
})

export const RecordPositionsInput = builder.inputType('RecordPositionsInput', {
  description: 'An upload: positions that are recorded together, all or none.',
  fields: (t) => ({
    rideId: t.id({ required: true, description: ofRide }),
    uploadId: t.id({
      description:
        'A UUID made by the client. The same upload sent again is recorded once and answers as it did the first time.',
    }),
    positions: t.field({ type: [PositionInput], required: true, description: '1 to 1000, in any order.' }),
    expectedVersion: t.int({ description: expectedVersionDescription }),
  }),
})

export const RideCommandInput = builder.inputType('RideCommandInput', {
  description: 'Pauses, resumes, ends or deletes a ride.',
  fields: (t) => ({
    rideId: t.id({ required: true, description: ofRide }),
    commandId: t.id({ description: commandIdDescription }),
    at: t.field({
      type: 'DateTime',
      description:
        "When it happened, by the device; now, where left out. Not before the ride's last command, nor more than 24 hours ahead of the server.",
    }),
    expectedVersion: t.int({ description: expectedVersionDescription }),
  }),
})

export const EditRideInput = builder.inputType('EditRideInput', {
  description: 'What is to change of a ride. A field left out stays as it is; null clears it.',
  fields: (t) => ({
    rideId: t.id({ required: true, description: ofRide }),
    commandId: t.id({ description: commandIdDescription }),
    title: t.string({ description: 'What it is called, at most 200 characters.' }),
    description: t.string({ description: 'What its rider says of it, at most 10,000 characters.' }),
    visibility: t.field({ type: VisibilityEnum, description: 'Who may see it. Cannot be cleared.' }),
    expectedVersion: t.int({ description: expectedVersionDescription }),
  }),
})
