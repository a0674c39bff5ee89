/** A sample of a device, in and out. */
import type { Position } from '#ride/position.ts'
import { builder } from './builder.ts'

export const PositionObject = builder.objectRef<Position>('Position').implement({
  description: 'A sample of a device. SI units; what was not measured is null.',
  fields: (t) => ({
    at: t.expose('at', { type: 'DateTime', description: 'When it was measured, by the device.' }),
    latitude: t.expose('latitude', {
      type: 'Latitude',
      nullable: true,
      description: 'Degrees north (WGS 84).',
    }),
    longitude: t.expose('longitude', {
      type: 'Longitude',
      nullable: true,
      description: 'Degrees east (WGS 84).',
    }),
    altitude: t.exposeFloat('altitude', { nullable: true, description: 'Metres above sea level.' }),
    speed: t.exposeFloat('speed', { nullable: true, description: 'Metres per second.' }),
    heading: t.exposeFloat('heading', { nullable: true, description: 'Degrees clockwise from north.' }),
    accuracy: t.exposeFloat('accuracy', {
      nullable: true,
      description: 'Metres: the radius in which the place is with 68 % confidence.',
    }),
    heartRate: t.exposeInt('heartRate', { nullable: true, description: 'Beats per minute.' }),
    cadence: t.exposeInt('cadence', { nullable: true, description: 'Revolutions of the crank per minute.' }),
    power: t.exposeInt('power', { nullable: true, description: 'Watts on the pedals.' }),
    battery: t.exposeFloat('battery', {
      nullable: true,
      description: "Charge of the device's battery, as a share: 0 is empty, 1 is full.",
    }),
  }),
})

export const PositionInput = builder.inputType('PositionInput', {
  description:
    'A sample of the device. Latitude and longitude come together, or neither where there was no fix.',
  fields: (t) => ({
    at: t.field({
      type: 'DateTime',
      required: true,
      description:
        "When it was measured, by the device: not before the ride's start, nor more than 24 hours ahead of the server.",
    }),
    latitude: t.field({ type: 'Latitude', description: 'Degrees north (WGS 84), -90 to 90.' }),
    longitude: t.field({ type: 'Longitude', description: 'Degrees east (WGS 84), -180 to 180.' }),
    altitude: t.float({ description: 'Metres above sea level, -1000 to 20,000.' }),
    speed: t.float({ description: 'Metres per second, 0 to 500.' }),
    heading: t.float({ description: 'Degrees clockwise from north, 0 to 360.' }),
    accuracy: t.float({
      description:
        'Metres: the radius in which the place is with 68 % confidence. Worse than 50, the place is not used.',
    }),
    heartRate: t.int({ description: 'Beats per minute, 0 to 500.' }),
    cadence: t.int({ description: 'Revolutions of the crank per minute, 0 to 1000.' }),
    power: t.int({ description: 'Watts on the pedals, 0 to 10,000.' }),
    battery: t.float({ description: "Charge of the device's battery, as a share: 0 is empty, 1 is full." }),
  }),
})
