/** Lines as PostGIS takes them. */
import type { LinePoint } from '#ride/track/antimeridian.ts'

/**
 * Extended well-known binary (PostGIS): flags beside the type's number, and the reference system behind it.
 */
const multiLineStringZm = 5 | 0x8000_0000 | 0x4000_0000
const lineStringZm = 2 | 0x8000_0000 | 0x4000_0000
const withReferenceSystem = 0x2000_0000
const littleEndian = 1

/**
 * MULTILINESTRING ZM in WGS 84. Z is the altitude in metres, the last one known where a point has none; M
 * seconds since 1970. Binary, for half a million of digits takes longer to write and to read than all else
 * that is done with a long route.
 */
export function encodeLines(lines: readonly (readonly LinePoint[])[]): Buffer<ArrayBuffer> {
  const bytes = 13 + lines.reduce((sum, line) => sum + 9 + 32 * line.length, 0)
  // Memory of its own, which can be handed to another thread.
  const buffer = Buffer.from(new ArrayBuffer(bytes))
  let at = header(buffer, 0, multiLineStringZm | withReferenceSystem)
  at = buffer.writeUInt32LE(4326, at)
  at = buffer.writeUInt32LE(lines.length, at)
  let altitude = firstAltitude(lines)
  for (const line of lines) {
    at = header(buffer, at, lineStringZm)
    at = buffer.writeUInt32LE(line.length, at)
    for (const point of line) {
      altitude = point.altitude ?? altitude
      at = buffer.writeDoubleLE(point.longitude, at)
      at = buffer.writeDoubleLE(point.latitude, at)
      at = buffer.writeDoubleLE(altitude, at)
      at = buffer.writeDoubleLE(point.at / 1000, at)
    }
  }
  return buffer
}

function header(buffer: Buffer, at: number, type: number): number {
  return buffer.writeUInt32LE(type >>> 0, buffer.writeUInt8(littleEndian, at))
}

function firstAltitude(lines: readonly (readonly LinePoint[])[]): number {
  for (const line of lines) for (const { altitude } of line) if (altitude !== undefined) return altitude
  return 0
}
