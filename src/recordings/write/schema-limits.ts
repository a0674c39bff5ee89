/** What the formats' schemas can say: of a sensor whole numbers of one byte or two, of a longitude less than 180°. */

import type { Position } from '#ride/position.ts'

type Sensor = 'heartRate' | 'cadence' | 'power'

const limits: readonly (readonly [Sensor, number, number])[] = [
  ['heartRate', 1, 255],
  ['cadence', 0, 254],
  ['power', 0, 65_535],
]

/** The sensors' values that can be said, and the sample without them. */
export function sayable(sample: Position): {
  readonly said: { readonly [sensor in Sensor]?: number }
  readonly unsaid: Position
} {
  const said: { [sensor in Sensor]?: number } = {}
  const unsaid: { -readonly [field in keyof Position]: Position[field] } = { ...sample }
  for (const [sensor, least, most] of limits) {
    const value = sample[sensor]
    if (value === undefined || !Number.isInteger(value) || value < least || value > most) continue
    said[sensor] = value
    delete unsaid[sensor]
  }
  return { said, unsaid }
}

/** Degrees east, less than 180: both schemas know the antimeridian from the west alone. */
export function longitudeBelow180(longitude: number): number {
  return longitude === 180 ? -180 : longitude
}
