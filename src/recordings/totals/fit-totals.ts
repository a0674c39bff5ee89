/** The totals of a FIT activity, by its sessions (message 18), else by its laps (19), else by its records (20). */

import type { ParsedRawFitMessage } from 'fit-file-parser'
import { fieldOf } from '#recordings/read/fit-field.ts'
import { fitMessagesOf } from '#recordings/read/fit-messages.ts'
import { movesWithoutFix, sumOf, type Totals, totalOf } from './totals.ts'

/** Global message numbers of the FIT profile. */
const message = { session: 18, lap: 19, record: 20, deviceInfo: 23 } as const
/** Fields that sessions and laps have under the same number; their total ascents have different ones. */
const field = { startTime: 2, elapsedTime: 7, timerTime: 8, distance: 9, sessionAscent: 22, lapAscent: 21 }
const recordField = { latitude: 0, distance: 5, speed: 6, enhancedSpeed: 73, timestamp: 253 }
const deviceField = { deviceType: 1, sourceType: 25 }

/** Undefined where the file is damaged. */
export async function fitTotals(bytes: Uint8Array): Promise<Totals | undefined> {
  const messages = await fitMessagesOf(bytes, Object.values(message))
  if (typeof messages === 'string') return undefined
  const of = (number: number) => messages.filter((one) => one.global_message_number === number)
  const [sessions, laps, records] = [of(message.session), of(message.lap), of(message.record)]
  const sums = (number: number, scale: number, lapNumber = number) => ({
    session: scaled(sumOf(sessions.map((one) => fieldOf(one, number))), scale),
    laps: scaled(sumOf(laps.map((one) => fieldOf(one, lapNumber))), scale),
  })
  const odometer = records.findLast((one) => fieldOf(one, recordField.distance) !== undefined)
  const devices = of(message.deviceInfo)
  return {
    distance: totalOf({
      ...sums(field.distance, 100),
      points: scaled(odometer && fieldOf(odometer, recordField.distance), 100),
    }),
    timer: totalOf(sums(field.timerTime, 1_000)),
    elapsed: totalOf({
      session: spanOf(sessions),
      laps: spanOf(laps),
      points: timeBetween(records.at(0), records.at(-1)),
    }),
    ascent: totalOf(sums(field.sessionAscent, 1, field.lapAscent)),
    wheel: wheelOf(devices, records),
    isBarometric: devices.some((one) => isOf(one, source.local, [barometer])),
  }
}

/** From the first one's start to the last one's end: what lies between two of them is ridden time, too. */
function spanOf(parts: readonly ParsedRawFitMessage[]): number | undefined {
  const starts: number[] = []
  const ends: number[] = []
  for (const part of parts) {
    const start = fieldOf(part, field.startTime)
    const elapsedMs = fieldOf(part, field.elapsedTime)
    if (start === undefined || elapsedMs === undefined) return undefined
    starts.push(start * 1_000)
    ends.push(start * 1_000 + elapsedMs)
  }
  return starts.length === 0 ? undefined : (Math.max(...ends) - Math.min(...starts)) / 1_000
}

function timeBetween(first: ParsedRawFitMessage | undefined, last: ParsedRawFitMessage | undefined) {
  const [from, to] = [first && timestampOf(first), last && timestampOf(last)]
  return from === undefined || to === undefined ? undefined : to - from
}

function timestampOf(record: ParsedRawFitMessage): number | undefined {
  return record.compressed_timestamp ?? fieldOf(record, recordField.timestamp)
}

/** How a sensor is connected (source_type), by which its device_type is to be read. */
const source = { antPlus: 1, bluetoothLowEnergy: 3, local: 5 }
const barometer = 4
/** bike_speed_cadence and bike_speed. */
const antPlusWheels = [121, 123]
const bluetoothWheels = [3, 4]

function wheelOf(
  devices: readonly ParsedRawFitMessage[],
  records: readonly ParsedRawFitMessage[],
): string | undefined {
  const isWheel = (one: ParsedRawFitMessage) =>
    isOf(one, source.antPlus, antPlusWheels) || isOf(one, source.bluetoothLowEnergy, bluetoothWheels)
  if (devices.some(isWheel)) return 'a speed sensor is among its devices'
  const samples = records.map((one) => ({
    hasFix: fieldOf(one, recordField.latitude) !== undefined,
    speed: scaled(fieldOf(one, recordField.enhancedSpeed) ?? fieldOf(one, recordField.speed), 1_000),
    distance: scaled(fieldOf(one, recordField.distance), 100),
  }))
  return movesWithoutFix(samples) ? 'it measures speed without a fix' : undefined
}

/** ANT+ is what is meant where nothing is said, and some makers write its numbers for Bluetooth sensors. */
function isOf(device: ParsedRawFitMessage, wanted: number, types: readonly number[]): boolean {
  const type = fieldOf(device, deviceField.deviceType)
  if (type === undefined || !types.includes(type)) return false
  return wanted === source.antPlus || fieldOf(device, deviceField.sourceType) === wanted
}

function scaled(raw: number | undefined, scale: number): number | undefined {
  return raw === undefined ? undefined : raw / scale
}
