/**
 * A recording as a FIT activity: records, timer events, a session with the device's totals.
 */

import { FitWriter } from '@markw65/fit-file-writer'
import type { Recording } from '#recordings/recording.ts'

export interface FitOptions {
  /** Write times as offsets in the message header, as old devices do. */
  readonly compressedTimestamps?: boolean
  /** Leave the session out, as a device does whose battery ran empty. */
  readonly withoutSession?: boolean
  readonly fileType?: 'activity' | 'course'
  /** One of the whole ride unless given. */
  readonly sessions?: readonly FitPart[]
  readonly laps?: readonly FitPart[]
  readonly devices?: readonly FitDevice[]
}

/** A session or a lap, in the profile's names and units where they are not its times (milliseconds since 1970). */
export interface FitPart {
  readonly startedAt: number
  readonly endedAt: number
  readonly total_timer_time?: number
  readonly total_distance?: number
  readonly total_ascent?: number
}

export interface FitDevice {
  readonly device_type: number
  readonly source_type?: 'antplus' | 'bluetooth_low_energy' | 'local'
}

export function writeFit(recording: Recording, options: FitOptions = {}): Uint8Array {
  const { startedAt, endedAt, entries } = recording
  const writer = new FitWriter({ noCompressedTimestamps: options.compressedTimestamps !== true })
  const time = (at: number): number => writer.time(new Date(at))
  const timer = (at: number, event_type: 'start' | 'stop_all'): void => {
    writer.writeMessage('event', { timestamp: time(at), event: 'timer', event_type })
  }
  writer.writeMessage(
    'file_id',
    { type: options.fileType ?? 'activity', manufacturer: 'development', time_created: time(startedAt) },
    null,
    true,
  )
  timer(startedAt, 'start')
  for (const entry of entries) {
    if (entry.kind === 'position') {
      const { at, latitude, longitude, altitude, speed, heartRate, cadence, power, accuracy } = entry.position
      const radians = (degrees: number): number => writer.latlng((degrees * Math.PI) / 180)
      writer.writeMessage('record', {
        timestamp: time(at),
        ...(latitude === undefined || longitude === undefined
          ? {}
          : { position_lat: radians(latitude), position_long: radians(longitude) }),
        ...(altitude === undefined ? {} : { altitude }),
        ...(speed === undefined ? {} : { speed }),
        ...(heartRate === undefined ? {} : { heart_rate: heartRate }),
        ...(cadence === undefined ? {} : { cadence }),
        ...(power === undefined ? {} : { power }),
        ...(accuracy === undefined ? {} : { gps_accuracy: accuracy }),
      })
    } else timer(entry.at, entry.kind === 'pause' ? 'stop_all' : 'start')
  }
  timer(endedAt, 'stop_all')
  for (const device of options.devices ?? []) {
    writer.writeMessage('device_info', { timestamp: time(startedAt), ...device })
  }
  const partOf = ({ startedAt, endedAt, ...totals }: FitPart) => ({
    timestamp: time(endedAt + 8_000),
    start_time: time(startedAt),
    total_elapsed_time: (endedAt - startedAt) / 1_000,
    sport: 'cycling' as const,
    ...totals,
  })
  for (const lap of options.laps ?? []) writer.writeMessage('lap', partOf(lap))
  const sessions = options.withoutSession === true ? [] : (options.sessions ?? [{ startedAt, endedAt }])
  for (const session of sessions) writer.writeMessage('session', partOf(session))
  const view = writer.finish()
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength).slice()
}
