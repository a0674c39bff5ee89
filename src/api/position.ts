/** A sample of a device, in and out. */
import type { Position } from '#ride/position.ts'
import { builder } from './builder.ts'

export const PositionObject = builder.objectRef<Position>('Position').implement({
  description: 'A sample of a device. SI units; what was not measured is null.',
  fields: (t) => ({
    at: t.expose('at', { type: 'DateTime' }),
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
    at: t.field({ type: 'DateTime', required: true }),
    latitude: t.field({ type: 'Latitude' }),
    longitude: t.field({ type: 'Longitude' }),
    altitude: t.float({ description: 'Metres above sea level.' }),
    speed: t.float({ description: 'Metres per second.' }),
    heading: t.float({ description: 'Degrees clockwise from north, 0 to 360.' }),
    accuracy: t.float({ description: 'Radius of 68 % confidence.' }),
    heartRate: t.int({ description: 'Beats per minute.' }),
    cadence: t.int({ description: 'Revolutions per minute.' }),
    power: t.int({ description: 'Watts.' }),
    battery: t.float({ description: '0 to 1.' }),
  }),
})
