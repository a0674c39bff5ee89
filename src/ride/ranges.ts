/**
 * What can be measured on the earth and on a bicycle, with
 * room to spare; beyond it, a fault or a mistaken unit.
 */
import type { Position } from './position.ts'

/** Field, least and most of it, and its unit in words. */
export const ranges = [
  ['latitude', -90, 90, 'degrees north'],
  ['longitude', -180, 180, 'degrees east'],
  ['altitude', -1_000, 20_000, 'metres'],
  ['speed', 0, 500, 'metres per second'],
  ['heading', 0, 360, 'degrees'],
  ['accuracy', 0, 1_000_000, 'metres'],
  ['heartRate', 0, 500, 'beats per minute'],
  ['cadence', 0, 1_000, 'revolutions per minute'],
  ['power', 0, 10_000, 'watts'],
  ['battery', 0, 1, 'of a full charge'],
] as const satisfies readonly (readonly [keyof Position, number, number, string])[]
