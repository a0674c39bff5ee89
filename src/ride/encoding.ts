/**
 * How ride events are written in the log: JSON, positions column by column as integer deltas, because
 * neighbours differ by little and PostgreSQL's `json` keeps the text. Measured on simulated rides at a sample
 * a second in uploads of 60, with time, place, altitude, speed and accuracy: 25.7 bytes a position, 37.0 with
 * the row, its metadata and all indexes (22.4 in uploads of 100, which are large enough to be compressed). A
 * row a position took 341, arrays of numbers in jsonb 72 without indexes.
 *
 * Units: milliseconds, 1e-7 degrees (a centimetre), centimetres, centimetres per second, hundredths of a
 * degree of heading, thousandths of a full battery. A column that no position has is left out.
 */
import type { RideEvent, RideEventType, RideProgress } from './events.ts'
import type { Position } from './position.ts'
import { upcast } from './upcast.ts'

type Column = readonly (number | null)[]
export type PositionColumns = { readonly at: readonly number[] } & {
  readonly [field in MeasuredField]?: Column
}
type MutablePosition = { -readonly [field in keyof Position]: Position[field] }
type MeasuredField = Exclude<keyof Position, 'at'>

/** Field, its name in the log, and how many units of the log make one of ours. */
const measured = [
  ['latitude', 1e7],
  ['longitude', 1e7],
  ['altitude', 100],
  ['speed', 100],
  ['heading', 100],
  ['accuracy', 100],
  ['heartRate', 1],
  ['cadence', 1],
  ['power', 1],
  ['battery', 1000],
] as const satisfies readonly (readonly [MeasuredField, number])[]

/** The event's data as JSON text; its type is kept beside it. */
export function encodeRideEvent(event: RideEvent): string {
  if (event.type === 'RidePositionsRecorded') {
    const { positions, progress } = event
    return JSON.stringify({ progress, positions: encodePositions(positions) })
  }
  const { type: _, ...data } = event
  return JSON.stringify(data)
}

/** An event as the log gives it back; `data` is the parsed JSON. */
export interface WrittenEvent {
  readonly type: string
  readonly schemaVersion: number
  readonly data: unknown
}

/** Reads what `encodeRideEvent` wrote, in whichever version. */
export function decodeRideEvent(written: WrittenEvent): RideEvent {
  const { type } = written
  if (!isRideEventType(type)) throw new Error(`The log holds an event of the unknown type ${type}.`)
  const data = upcast(written)
  if (typeof data !== 'object' || data === null) throw new Error(`The log holds a ${type} without data.`)
  if (type === 'RidePositionsRecorded') {
    const { positions, progress } = data as { positions: PositionColumns; progress: RideProgress }
    const decoded = decodePositions(positions)
    let at = Number.NEGATIVE_INFINITY
    for (const position of decoded) if (position.at > at) at = position.at
    return { type, at, positions: decoded, progress }
  }
  return { type, ...data } as RideEvent
}

/** What a position is after it went through the log: its fields rounded to the log's units. */
export function roundPosition(position: Position): Position {
  const rounded: MutablePosition = { at: Math.round(position.at) }
  for (const [field, scale] of measured) {
    const value = position[field]
    // Adding zero makes 0 of -0, which JSON does not know.
    if (value !== undefined) rounded[field] = Math.round(value * scale) / scale + 0
  }
  return rounded
}

export function encodePositions(positions: readonly Position[]): PositionColumns {
  const columns: { at: readonly number[] } & { [field in MeasuredField]?: Column } = {
    at: deltas(positions.map((position) => Math.round(position.at))),
  }
  for (const [field, scale] of measured) {
    if (positions.some((position) => position[field] !== undefined)) {
      columns[field] = deltas(
        positions.map((position) => {
          const value = position[field]
          return value === undefined ? null : Math.round(value * scale)
        }),
      )
    }
  }
  return columns
}

export function decodePositions(columns: PositionColumns): Position[] {
  const positions = sums(columns.at).map((at): MutablePosition => ({ at: at ?? 0 }))
  for (const [field, scale] of measured) {
    const column = columns[field]
    if (column === undefined) continue
    for (const [index, value] of sums(column).entries()) {
      if (value !== null) positions[index]![field] = value / scale
    }
  }
  return positions
}

/** Each number less the last one before it that is there. */
function deltas(values: readonly number[]): number[]
function deltas(values: readonly (number | null)[]): (number | null)[]
function deltas(values: readonly (number | null)[]): (number | null)[] {
  let before = 0
  return values.map((value) => {
    if (value === null) return null
    const delta = value - before
    before = value
    return delta
  })
}

function sums(column: Column): (number | null)[] {
  let sum = 0
  return column.map((delta) => {
    if (delta === null) return null
    sum += delta
    return sum
  })
}

const rideEventTypes: Record<RideEventType, true> = {
  RideStarted: true,
  RidePositionsRecorded: true,
  RidePaused: true,
  RideResumed: true,
  RideEnded: true,
  RideFinished: true,
  RideEdited: true,
  RideDeleted: true,
}

function isRideEventType(type: string): type is RideEventType {
  return Object.hasOwn(rideEventTypes, type)
}
