/** A sample of a device, in and out. */
import type { Position } from '#ride/position.ts'
import { builder } from './builder.ts'

export const PositionObject = builder.objectRef<Position>('Position').implement({
  description: 'A sample of a device. SI units; what was not measured is null.',
  fields: (t) => ({
    at: t.expose('at', { type: 'DateTime', description: 'By the device.' }),
    latitude: t.expose('latitude', { type: 'Latitude', nullable: true }),
    longitude: t.expose('longitude', { type: 'Longitude', nullable: true }),
    altitude: t.exposeFloat('altitude', { nullable: true, description: 'Metres above sea level.' }),
    speed: t.exposeFloat('speed', { nullable: true, description: 'Metres per second.' }),
    heading: t.exposeFloat('heading', { nullable: true, description: 'Degrees clockwise from north.' }),
    accuracy: t.exposeFloat('accuracy', {
      nullable: true,
      description: 'Metres: radius of 68 % confidence.',
    }),
    heartRate: t.exposeInt('heartRate', { nullable: true, description: 'Beats per minute.' }),
    cadence: t.exposeInt('cadence', { nullable: true, description: 'Revolutions per minute.' }),
    power: t.exposeInt('power', { nullable: true, description: 'Watts.' }),
    battery: t.exposeFloat('battery', { nullable: true, description: 'Charge, 0 to 1.' }),
  }),
})

export const PositionInput = builder.inputType('PositionInput', {
  description:
    'A sample of the device. Latitude and longitude come together, or neither where there was no fix.',
  fields: (t) => ({
    at: t.field({
      type: 'DateTime',
      required: true,
      description: "By the device: not before the ride's start, nor more than 24 hours ahead of the server.",
    }),
    latitude: t.field({ type: 'Latitude' }),
    longitude: t.field({ type: 'Longitude' }),
    altitude: t.float({ description: 'Metres above sea level, -1000 to 20,000.' }),
    speed: t.float({ description: 'Metres per second, 0 to 500.' }),
    heading: t.float({ description: 'Degrees clockwise from north, 0 to 360.' }),
    accuracy: t.float({
      description: 'Metres: radius of 68 % confidence. Worse than 50, the place is not used.',
    }),
    heartRate: t.int({ description: 'Beats per minute, 0 to 500.' }),
    cadence: t.int({ description: 'Revolutions per minute, 0 to 1000.' }),
    power: t.int({ description: 'Watts, 0 to 10,000.' }),
    battery: t.float({ description: 'Charge, 0 to 1.' }),
  }),
})
