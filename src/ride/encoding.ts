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
type MeasuredField = Exclude<keyof Position, 'at'>

/**
 * Field, how many units of the log make one of ours, and how it is read: by a name that stands in the code. With this and one
 * shape for all positions an upload of a hundred takes 130 instead of 265 us of this process, all told.
 */
const measured = [
  ['latitude', 1e7, (position) => position.latitude],
  ['longitude', 1e7, (position) => position.longitude],
  ['altitude', 100, (position) => position.altitude],
  ['speed', 100, (position) => position.speed],
  ['heading', 100, (position) => position.heading],
  ['accuracy', 100, (position) => position.accuracy],
  ['heartRate', 1, (position) => position.heartRate],
  ['cadence', 1, (position) => position.cadence],
  ['power', 1, (position) => position.power],
  ['battery', 1000, (position) => position.battery],
] as const satisfies readonly (readonly [MeasuredField, number, (position: Position) => number | undefined])[]

const scales = Object.fromEntries(measured.map(([field, scale]) => [field, scale])) as Record<
  MeasuredField,
  number
>

/** The event's data as JSON text; its type is kept beside it. */
export function encodeRideEvent(event: RideEvent): string {
  if (event.type === 'RidePositionsRecorded') {
    const { positions, progress } = event
    return `{"progress":${JSON.stringify(progress)},"positions":${writtenPositions(positions)}}`
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

/** A RidePositionsRecorded whose positions are left as they are written. */
export interface WrittenUpload {
  readonly positions: PositionColumns
  readonly progress: RideProgress
}

/** For who needs few of its positions: to decode all of them takes several times as long as to read the JSON. */
export function readUpload(written: WrittenEvent): WrittenUpload {
  const data = upcast(written)
  if (typeof data !== 'object' || data === null)
    throw new Error(`The log holds a ${written.type} without data.`)
  return data as WrittenUpload
}

/** Reads what `encodeRideEvent` wrote, in whichever version. */
export function decodeRideEvent(written: WrittenEvent): RideEvent {
  const { type } = written
  if (!isRideEventType(type)) throw new Error(`The log holds an event of the unknown type ${type}.`)
  const data = upcast(written)
  if (typeof data !== 'object' || data === null) throw new Error(`The log holds a ${type} without data.`)
  if (type === 'RidePositionsRecorded') {
    const { positions, progress } = data as WrittenUpload
    const decoded = decodePositions(positions)
    let at = Number.NEGATIVE_INFINITY
    for (const position of decoded) if (position.at > at) at = position.at
    return { type, at, positions: decoded, progress }
  }
  return { type, ...data } as RideEvent
}

/** From so many positions on it costs more to write them than to remember what was written. */
const worthRemembering = 8
const written = new WeakMap<readonly Position[], string>()

/** An upload's positions as the log has them, JSON text. It is asked for twice: each upload is hashed and recorded. */
export function writtenPositions(positions: readonly Position[]): string {
  if (positions.length < worthRemembering) return JSON.stringify(encodePositions(positions))
  let text = written.get(positions)
  if (text === undefined) {
    text = JSON.stringify(encodePositions(positions))
    written.set(positions, text)
  }
  return text
}

/**
 * What a position is after it went through the log: its fields rounded to the log's units. It has all fields, undefined where
 * nothing was measured: objects of one shape cost less to read and to write.
 */
export function roundPosition(position: Position): Position {
  return {
    at: Math.round(position.at),
    latitude: rounded(position.latitude, scales.latitude),
    longitude: rounded(position.longitude, scales.longitude),
    altitude: rounded(position.altitude, scales.altitude),
    speed: rounded(position.speed, scales.speed),
    heading: rounded(position.heading, scales.heading),
    accuracy: rounded(position.accuracy, scales.accuracy),
    heartRate: rounded(position.heartRate, scales.heartRate),
    cadence: rounded(position.cadence, scales.cadence),
    power: rounded(position.power, scales.power),
    battery: rounded(position.battery, scales.battery),
  }
}

/** Adding zero makes 0 of -0, which JSON does not know. */
function rounded(value: number | undefined, scale: number): number | undefined {
  return value === undefined ? undefined : Math.round(value * scale) / scale + 0
}

export function encodePositions(positions: readonly Position[]): PositionColumns {
  const columns: { at: readonly number[] } & { [field in MeasuredField]?: Column } = {
    at: timesOf(positions),
  }
  for (const [field, scale, read] of measured) {
    const column = columnOf(positions, read, scale)
    if (column !== undefined) columns[field] = column
  }
  return columns
}

/** Each number less the last one before it. */
function timesOf(positions: readonly Position[]): number[] {
  const column: number[] = []
  let before = 0
  for (const position of positions) {
    const at = Math.round(position.at)
    column.push(at - before)
    before = at
  }
  return column
}

/** Each number less the last one before it that is there; undefined where none is. */
function columnOf(
  positions: readonly Position[],
  read: (position: Position) => number | undefined,
  scale: number,
): Column | undefined {
  const column: (number | null)[] = []
  let isMeasured = false
  let before = 0
  for (const position of positions) {
    const value = read(position)
    if (value === undefined) {
      column.push(null)
      continue
    }
    const units = Math.round(value * scale)
    column.push(units - before)
    before = units
    isMeasured = true
  }
  return isMeasured ? column : undefined
}

export function decodePositions(columns: PositionColumns): Position[] {
  const { at } = columns
  const next = {
    latitude: reader(columns.latitude, scales.latitude),
    longitude: reader(columns.longitude, scales.longitude),
    altitude: reader(columns.altitude, scales.altitude),
    speed: reader(columns.speed, scales.speed),
    heading: reader(columns.heading, scales.heading),
    accuracy: reader(columns.accuracy, scales.accuracy),
    heartRate: reader(columns.heartRate, scales.heartRate),
    cadence: reader(columns.cadence, scales.cadence),
    power: reader(columns.power, scales.power),
    battery: reader(columns.battery, scales.battery),
  }
  const positions: Position[] = []
  let time = 0
  for (let index = 0; index < at.length; index++) {
    time += at[index] ?? 0
    positions.push({
      at: time,
      latitude: next.latitude(index),
      longitude: next.longitude(index),
      altitude: next.altitude(index),
      speed: next.speed(index),
      heading: next.heading(index),
      accuracy: next.accuracy(index),
      heartRate: next.heartRate(index),
      cadence: next.cadence(index),
      power: next.power(index),
      battery: next.battery(index),
    })
  }
  return positions
}

/** Sums a column up, from its first number on. */
function reader(column: Column | undefined, scale: number): (index: number) => number | undefined {
  if (column === undefined) return unmeasured
  let sum = 0
  return (index) => {
    const delta = column[index]
    if (delta == null) return undefined
    sum += delta
    return sum / scale
  }
}

function unmeasured(): undefined {
  return undefined
}

const rideEventTypes: Record<RideEventType, true> = {
  RideStarted: true,
  RidePositionsRecorded: true,
  RidePaused: true,
  RideResumed: true,
  RideEnded: true,
  RideFinished: true,
  RideEdited: true,
  RideMasked: true,
  RideDeleted: true,
}

function isRideEventType(type: string): type is RideEventType {
  return Object.hasOwn(rideEventTypes, type)
}
