/**
 * FIT, Garmin's binary activity file (https://developer.garmin.com/fit/protocol/). The library checks the
 * file and cuts it into messages (fit-messages.ts); their few fields that matter are decoded here from the raw bytes, because
 * only so the order of samples and timer events is that of the file, and a filler (0xFF…) is told from a
 * value.
 */

import type { ParsedRawFitMessage } from 'fit-file-parser'
import type { RecordingEntry } from '#recordings/recording.ts'
import { assemble, type ReadOutcome, refused, type Summary } from './assemble.ts'
import { fieldOf } from './fit-field.ts'
import { fitMessagesOf } from './fit-messages.ts'
import { pointOf, type RecordedPoint } from './point.ts'
import { fitSport } from './sport.ts'

/** Global message numbers of the FIT profile. */
const message = { fileId: 0, session: 18, record: 20, event: 21 } as const

const activityFile = 4
const timerEvent = 0
const timerStarts = 0
/** stop, stop_all, stop_disable, stop_disable_all */
const timerStops: readonly number[] = [1, 4, 8, 9]

/** The FIT epoch, 1989-12-31T00:00:00Z. */
const fitEpochMs = 631_065_600_000
/** Timestamps below count from when the device was switched on: it had not learned the date yet. */
const earliestDate = 0x1000_0000

const semicirclesPerDegree = 2 ** 31 / 180

/** Reads a FIT activity; one whose checksum fails or that was not closed is refused. */
export async function readFit(bytes: Uint8Array): Promise<ReadOutcome> {
  const messages = await fitMessagesOf(bytes, Object.values(message))
  if (typeof messages === 'string') {
    return refused(
      `The FIT file is truncated or damaged (${messages}). Copy it from the device again, once the ride is saved there.`,
    )
  }
  const fileId = messages.find((one) => one.global_message_number === message.fileId)
  const fileType = fileId && fieldOf(fileId, 0)
  if (fileType !== undefined && fileType !== activityFile) {
    return refused(
      'The FIT file holds no activity (a course, a workout or settings). Choose a recorded activity.',
    )
  }
  const points: RecordedPoint[] = []
  const entries = messages.flatMap((one) => entryOf(one, points))
  return assemble(entries, { ...summaryOf(messages), points })
}

function entryOf(one: ParsedRawFitMessage, points: RecordedPoint[]): RecordingEntry[] {
  const at = timestampOf(one)
  if (one.global_message_number === message.record) {
    const point = recordAt(at, one)
    points.push(point)
    return point.sample === undefined ? [] : [{ kind: 'position', position: point.sample }]
  }
  if (at === undefined) return []
  if (one.global_message_number !== message.event || fieldOf(one, 0) !== timerEvent) return []
  const type = fieldOf(one, 1)
  if (type === timerStarts) return [{ kind: 'resume', at }]
  return type !== undefined && timerStops.includes(type) ? [{ kind: 'pause', at }] : []
}

function recordAt(at: number | undefined, record: ParsedRawFitMessage): RecordedPoint {
  const scaled = (field: number, scale: number, offset = 0): number | undefined => {
    const raw = fieldOf(record, field)
    return raw === undefined ? undefined : (raw - offset * scale) / scale
  }
  return pointOf(at, {
    latitude: scaled(0, semicirclesPerDegree),
    longitude: scaled(1, semicirclesPerDegree),
    // The enhanced fields (32 bits) come beside or instead of the plain ones (16 bits).
    altitude: scaled(78, 5, 500) ?? scaled(2, 5, 500),
    speed: scaled(73, 1_000) ?? scaled(6, 1_000),
    accuracy: scaled(31, 1),
    heartRate: scaled(3, 1),
    cadence: scaled(4, 1),
    power: scaled(7, 1),
    battery: scaled(81, 200),
  })
}

function summaryOf(messages: readonly ParsedRawFitMessage[]): Omit<Summary, 'points'> {
  const sessions = messages.flatMap((one) => {
    if (one.global_message_number !== message.session) return []
    const startedAt = instantOf(fieldOf(one, 2))
    const elapsedMs = fieldOf(one, 7)
    return startedAt === undefined ? [] : [{ startedAt, endedAt: elapsedMs && startedAt + elapsedMs }]
  })
  const sports = messages.flatMap((one) =>
    one.global_message_number === message.session ? (fitSport(fieldOf(one, 5)) ?? []) : [],
  )
  const ends = sessions.flatMap((session) => session.endedAt ?? [])
  return {
    sports,
    startedAt: sessions.length === 0 ? undefined : Math.min(...sessions.map((session) => session.startedAt)),
    endedAt: ends.length === 0 ? undefined : Math.max(...ends),
  }
}

/** Of a clock that was not set yet, in 1970, as other devices have it: it has a time, and that is known to be none. */
function timestampOf(one: ParsedRawFitMessage): number | undefined {
  const seconds = one.compressed_timestamp ?? fieldOf(one, 253)
  return instantOf(seconds) ?? (seconds === undefined ? undefined : seconds * 1_000)
}

function instantOf(fitSeconds: number | undefined): number | undefined {
  if (fitSeconds === undefined || fitSeconds < earliestDate) return undefined
  return fitEpochMs + fitSeconds * 1_000
}
