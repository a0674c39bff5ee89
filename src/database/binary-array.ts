/**
 * Arrays as parameters in PostgreSQL's binary format, which costs neither quoting here nor parsing there: the driver sends a
 * Buffer as it is. The format is what `array_send` and `array_recv` read and write: dimensions, whether there are nulls, the
 * elements' type, their number, the first index; then each element's length (-1 for null) and its bytes.
 */

/** The header's bytes; of an array without elements only the first twelve are sent. */
const header = 20
const emptyHeader = 12

/** Object ids of the types, fixed in every PostgreSQL (`pg_type.dat`). */
const types = { boolean: 16, bytea: 17, smallint: 21, integer: 23, text: 25, json: 114, uuid: 2950 }

export function booleanArray(values: readonly boolean[]): Buffer {
  const { array, write } = fixedArray(types.boolean, values.length, 1)
  for (const value of values) array[write()] = value ? 1 : 0
  return array
}

export function smallintArray(values: readonly number[]): Buffer {
  const { array, write } = fixedArray(types.smallint, values.length, 2)
  for (const value of values) array.writeInt16BE(value, write())
  return array
}

export function integerArray(values: readonly number[]): Buffer {
  const { array, write } = fixedArray(types.integer, values.length, 4)
  for (const value of values) array.writeInt32BE(value, write())
  return array
}

/** UUIDs in their usual form, with hyphens. */
export function uuidArray(values: readonly string[]): Buffer {
  const { array, write } = fixedArray(types.uuid, values.length, 16)
  for (const value of values) {
    const at = write()
    let written = array.write(value.slice(0, 8), at, 'hex')
    for (const [from, to] of uuidGroups) written += array.write(value.slice(from, to), at + written, 'hex')
    if (written !== 16 || value.length !== 36) throw new Error('A UUID has to be written with its hyphens')
  }
  return array
}

const uuidGroups = [
  [9, 13],
  [14, 18],
  [19, 23],
  [24, 36],
] as const

/** Bytes in hex. */
export function bytesArray(values: readonly string[]): Buffer {
  return variableArray(types.bytea, values, 'hex')
}

export function textArray(values: readonly string[]): Buffer {
  return variableArray(types.text, values, 'utf8')
}

/** JSON texts. */
export function jsonArray(values: readonly (string | null)[]): Buffer {
  return variableArray(types.json, values, 'utf8')
}

function fixedArray(type: number, length: number, bytes: number) {
  const array = withHeader(type, length, length * (4 + bytes), false)
  let at = header - bytes
  return {
    array,
    /** Begins the next element: where its bytes go. */
    write(): number {
      at += bytes
      at = array.writeInt32BE(bytes, at)
      return at
    },
  }
}

function variableArray(type: number, values: readonly (string | null)[], encoding: 'utf8' | 'hex'): Buffer {
  let bytes = 0
  for (const value of values) bytes += 4 + (value === null ? 0 : Buffer.byteLength(value, encoding))
  const array = withHeader(type, values.length, bytes, values.includes(null))
  let at = header
  for (const value of values) {
    const length = value === null ? -1 : array.write(value, at + 4, encoding)
    array.writeInt32BE(length, at)
    at += 4 + Math.max(length, 0)
  }
  return array
}

function withHeader(type: number, length: number, bytes: number, hasNulls: boolean): Buffer {
  const array = Buffer.allocUnsafe(length === 0 ? emptyHeader : header + bytes)
  array.writeInt32BE(length === 0 ? 0 : 1, 0)
  array.writeInt32BE(hasNulls ? 1 : 0, 4)
  array.writeInt32BE(type, 8)
  if (length === 0) return array
  array.writeInt32BE(length, 12)
  array.writeInt32BE(1, 16)
  return array
}
