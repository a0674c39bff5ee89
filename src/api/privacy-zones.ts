/** Privacy zones: which ones a rider has, and how he makes, changes and removes them. */
import { isUnavailable } from '#database/faults.ts'
import { largestRadius, smallestRadius, usualRadius } from '#rights/hiding-circle.ts'
import { mostZones, type PrivacyZone, type ZoneOutcome } from '#rights/privacy-zones.ts'
import { builder } from './builder.ts'
import {
  asGraphQLError,
  ForbiddenError,
  InvalidInputError,
  OverloadedError,
  RateLimitedError,
  UnauthenticatedError,
} from './errors.ts'
import { lackOf, writerOf } from './lack.ts'
import { textInput, uuidOf } from './ride-input.ts'

const errors = {
  types: [InvalidInputError, ForbiddenError, UnauthenticatedError, RateLimitedError, OverloadedError],
}

const longestName = 100
const radiusDescription = `Metres, ${smallestRadius} to ${largestRadius}.`

const PrivacyZoneRef = builder.objectRef<PrivacyZone>('PrivacyZone').implement({
  description:
    "A circle in which nobody but its rider sees him, on any of his rides. Its middle is not the place that it was made for, which is kept nowhere: that lies well inside, in a direction that was drawn by lot. Others see a ride from where it first leaves all of its rider's zones to where it last does.",
  fields: (t) => ({
    id: t.exposeID('id', { description: 'To change and remove it by.' }),
    name: t.exposeString('name', { description: "The rider's own word for it: nobody else sees it." }),
    latitude: t.expose('latitude', { type: 'Latitude', description: 'Degrees north, of its middle.' }),
    longitude: t.expose('longitude', { type: 'Longitude', description: 'Degrees east, of its middle.' }),
    radius: t.exposeFloat('radius', { description: 'Metres from its middle to its edge.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
  }),
})

builder.queryField('privacyZones', (t) =>
  t.field({
    type: [PrivacyZoneRef],
    complexity: { field: 1, multiplier: mostZones },
    description: `The viewer's own zones, the oldest first. At most ${mostZones}.`,
    resolve: async (_, __, { viewer, privacyZones }) => {
      const lack = lackOf(viewer, 'rides:read')
      if (lack !== undefined) throw asGraphQLError(lack.code, lack.message)
      return viewer.riderId === null ? [] : privacyZones.of(viewer.riderId)
    },
  }),
)

const AddPrivacyZoneInput = builder.inputType('AddPrivacyZoneInput', {
  description: 'A place to hide.',
  fields: (t) => ({
    name: t.string({
      required: true,
      description: `What you know it by, at most ${longestName} characters.`,
    }),
    latitude: t.field({
      type: 'Latitude',
      required: true,
      description: 'Degrees north, of the place to hide.',
    }),
    longitude: t.field({
      type: 'Longitude',
      required: true,
      description: 'Degrees east, of the place to hide.',
    }),
    radius: t.float({ description: `${radiusDescription} ${usualRadius} where left out.` }),
  }),
})

const ChangePrivacyZoneInput = builder.inputType('ChangePrivacyZoneInput', {
  description: 'What is to change of a zone. A field left out stays as it is.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'As `privacyZones` has it.' }),
    name: t.string({ description: `What you know it by, at most ${longestName} characters.` }),
    radius: t.float({ description: `${radiusDescription} No less than it is.` }),
  }),
})

const RemovePrivacyZoneInput = builder.inputType('RemovePrivacyZoneInput', {
  description: 'A zone that is to hide nothing any more.',
  fields: (t) => ({ id: t.id({ required: true, description: 'As `privacyZones` has it.' }) }),
})

interface ZonePayload {
  readonly zone: PrivacyZone
}

const AddPrivacyZonePayload = withZone('AddPrivacyZonePayload', 'The place is hidden.')
const ChangePrivacyZonePayload = withZone('ChangePrivacyZonePayload', 'The zone is changed.')
const RemovePrivacyZonePayload = builder.objectRef<ZonePayload>('RemovePrivacyZonePayload').implement({
  description: 'The zone hides nothing any more.',
  fields: (t) => ({
    id: t.id({ description: 'Of the zone that was removed.', resolve: ({ zone }) => zone.id }),
  }),
})

function withZone(name: string, description: string) {
  return builder.objectRef<ZonePayload>(name).implement({
    description,
    fields: (t) => ({
      privacyZone: t.field({
        type: PrivacyZoneRef,
        description: 'As it is now.',
        resolve: ({ zone }) => zone,
      }),
    }),
  })
}

const whatItDoes =
  "It counts at once and for all of the rider's rides: until one is masked anew, which takes moments, nobody else sees it."

builder.mutationField('addPrivacyZone', (t) =>
  t.field({
    type: AddPrivacyZonePayload,
    description: `Hides a place. ${whatItDoes} The same place added again gets the same circle.`,
    args: { input: t.arg({ type: AddPrivacyZoneInput, required: true, description: 'The place to hide.' }) },
    errors,
    resolve: async (_, { input }, { viewer, privacyZones, newId }) => {
      const riderId = writerOf(viewer)
      const { latitude, longitude } = input
      if (Math.abs(latitude) > 90 || Math.abs(longitude) > 180) {
        throw new InvalidInputError(
          'Latitudes go from -90 to 90 and longitudes from -180 to 180. Send degrees.',
          [Math.abs(latitude) > 90 ? 'latitude' : 'longitude'],
        )
      }
      const radius = radiusIn(input.radius ?? usualRadius)
      const zone = { id: newId(), name: nameIn(input.name), place: { latitude, longitude }, radius }
      return doneOr(await orOverloaded(privacyZones.add(riderId, zone)))
    },
  }),
)

builder.mutationField('changePrivacyZone', (t) =>
  t.field({
    type: ChangePrivacyZonePayload,
    description: `Renames a zone or makes it larger. ${whatItDoes} To make it smaller, remove it and add the place again.`,
    args: {
      input: t.arg({
        type: ChangePrivacyZoneInput,
        required: true,
        description: 'Which zone, and what of it.',
      }),
    },
    errors,
    resolve: async (_, { input }, { viewer, privacyZones }) => {
      const riderId = writerOf(viewer)
      const change = {
        id: uuidOf(input.id, 'id'),
        name: input.name == null ? undefined : nameIn(input.name),
        radius: input.radius == null ? undefined : radiusIn(input.radius),
      }
      return doneOr(await orOverloaded(privacyZones.change(riderId, change)))
    },
  }),
)

builder.mutationField('removePrivacyZone', (t) =>
  t.field({
    type: RemovePrivacyZonePayload,
    description: `Shows again what only this zone has hidden, on all of the rider's rides. ${whatItDoes}`,
    args: { input: t.arg({ type: RemovePrivacyZoneInput, required: true, description: 'Which zone.' }) },
    errors,
    resolve: async (_, { input }, { viewer, privacyZones }) => {
      const riderId = writerOf(viewer)
      return doneOr(await orOverloaded(privacyZones.remove(riderId, uuidOf(input.id, 'id'))))
    },
  }),
)

function nameIn(text: string): string {
  const name = textInput(text, 'name', longestName)
  if (name === null) throw new InvalidInputError('A zone needs a name that you know it by.', ['name'])
  return name
}

function radiusIn(radius: number): number {
  if (radius >= smallestRadius && radius <= largestRadius) return radius
  const message = `A zone has a radius of ${smallestRadius} to ${largestRadius} metres: a smaller one hides too little.`
  throw new InvalidInputError(message, ['radius'])
}

function doneOr(outcome: ZoneOutcome): ZonePayload {
  switch (outcome.outcome) {
    case 'done':
      return { zone: outcome.zone }
    case 'not there':
      throw new InvalidInputError('You have no zone with this id. Ask for privacyZones.', ['id'])
    case 'smaller':
      throw new InvalidInputError(
        'A zone can only grow: the place that it hides is not kept, and could lie outside of a smaller one. Remove it and add the place again.',
        ['radius'],
      )
    case 'too many':
      throw new InvalidInputError(`You have ${mostZones} zones already. Remove one first.`, ['name'])
    case 'too often':
      throw new InvalidInputError('Your zones have been changed too often. They stay as they are.', [])
    default:
      return outcome satisfies never
  }
}

async function orOverloaded<T>(acting: Promise<T>): Promise<T> {
  try {
    return await acting
  } catch (error) {
    if (isUnavailable(error)) throw new OverloadedError()
    throw error
  }
}
