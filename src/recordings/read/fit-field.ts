/**
 * One field of a FIT message, from its bytes to a number.
 */

import type { ParsedRawFitMessage } from 'fit-file-parser'

interface BaseType {
  /** Bytes of one value. */
  readonly width: number
  readonly read: (view: DataView, littleEndian: boolean) => number
  /** What a device writes where it has no value. */
  readonly filler: number
}

/**
 * The numeric base types by the low five bits of their number (FIT protocol, table "FIT Base Types and
 * Invalid Values").
 */
const baseTypes: ReadonlyMap<number, BaseType> = new Map([
  [0x00, { width: 1, filler: 0xff, read: (view) => view.getUint8(0) }],
  [0x01, { width: 1, filler: 0x7f, read: (view) => view.getInt8(0) }],
  [0x02, { width: 1, filler: 0xff, read: (view) => view.getUint8(0) }],
  [0x03, { width: 2, filler: 0x7fff, read: (view, little) => view.getInt16(0, little) }],
  [0x04, { width: 2, filler: 0xffff, read: (view, little) => view.getUint16(0, little) }],
  [0x05, { width: 4, filler: 0x7fff_ffff, read: (view, little) => view.getInt32(0, little) }],
  [0x06, { width: 4, filler: 0xffff_ffff, read: (view, little) => view.getUint32(0, little) }],
  [0x08, { width: 4, filler: Number.NaN, read: (view, little) => view.getFloat32(0, little) }],
  [0x09, { width: 8, filler: Number.NaN, read: (view, little) => view.getFloat64(0, little) }],
  [0x0a, { width: 1, filler: 0, read: (view) => view.getUint8(0) }],
  [0x0b, { width: 2, filler: 0, read: (view, little) => view.getUint16(0, little) }],
  [0x0c, { width: 4, filler: 0, read: (view, little) => view.getUint32(0, little) }],
])

/**
 * The field's value, unscaled; undefined where the message lacks it, holds the filler, or it is no single
 * number.
 */
export function fieldOf(message: ParsedRawFitMessage, fieldNumber: number): number | undefined {
  const field = message.fields.find((one) => one.field_definition_number === fieldNumber)
  const baseType = field && baseTypes.get(field.base_type & 0x1f)
  if (field === undefined || baseType === undefined || field.raw_value.length !== baseType.width)
    return undefined
  const value = baseType.read(new DataView(Uint8Array.from(field.raw_value).buffer), message.little_endian)
  return value === baseType.filler || Number.isNaN(value) ? undefined : value
}
