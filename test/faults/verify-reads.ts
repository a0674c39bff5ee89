/** Holds the read tables against folds of the log that are made here, and not by the projections themselves. */
import { isDeepStrictEqual } from 'node:util'
import type { RideEvent } from '#ride/events.ts'
import type { Position } from '#ride/position.ts'
import { statisticsOf } from '#ride/track/statistics.ts'
import { trackOf } from '#ride/track/track.ts'
import type { Row } from './database-directly.ts'
import type { Ledger } from './ledger.ts'
import type { Recorded } from './verify-log.ts'

/** The rows of one ride. */
export interface ReadRows {
  readonly ride: readonly Row[]
  readonly progress: readonly Row[]
  readonly route: readonly Row[]
}

/** There are none of a deleted ride. */
export function verifyReads(
  rideId: string,
  events: readonly Recorded[],
  rows: ReadRows,
  ledger: Ledger,
): void {
  const whole = events.flatMap(({ event, ...recorded }) =>
    event === undefined ? [] : [{ ...recorded, event }],
  )
  const isDeleted = events.some(({ type }) => type === 'RideDeleted')
  const expected = (fold: (events: readonly Whole[]) => Row | undefined) =>
    isDeleted ? undefined : fold(whole)
  compare(`The row of ride ${rideId}`, rows.ride, expected(foldRide), ledger)
  compare(`The progress of ride ${rideId}`, rows.progress, expected(foldProgress), ledger)
  compare(`The route of ride ${rideId}`, rows.route, expected(foldRoute), ledger)
}

type Whole = Recorded & { readonly event: RideEvent }

/** There is one row, and it says what is expected; what else stands in it is not judged. */
function compare(what: string, rows: readonly Row[], expected: Row | undefined, { find }: Ledger): void {
  if (expected === undefined) {
    if (rows.length > 0) find('diverged', `${what} is there and should not be`)
    return
  }
  const row = rows[0]
  if (rows.length !== 1 || row === undefined) {
    find(rows.length === 0 ? 'lost' : 'duplicated', `${what} is there ${rows.length} times`)
    return
  }
  for (const [column, value] of Object.entries(expected)) {
    if (isDeepStrictEqual(row[column], value)) continue
    find('diverged', `${what}: ${column} is ${JSON.stringify(row[column])}, not ${JSON.stringify(value)}`)
  }
}

function foldRide(events: readonly Whole[]): Row {
  const row: Row = { title: null, ended_at: null, finished_at: null }
  for (const { event, partition } of events) {
    switch (event.type) {
      case 'RideStarted':
        Object.assign(row, { partition, rider_id: event.riderId, title: event.title, status: 'ACTIVE' })
        Object.assign(row, { visibility: event.visibility, started_at: new Date(event.at) })
        break
      case 'RidePaused':
        row['status'] = 'PAUSED'
        break
      case 'RideResumed':
        row['status'] = 'ACTIVE'
        break
      case 'RideEnded':
        Object.assign(row, { status: 'ENDED', ended_at: new Date(event.at) })
        break
      case 'RideFinished':
        Object.assign(row, { status: 'FINISHED', finished_at: new Date(event.at) })
        break
      case 'RideEdited':
        Object.assign(row, event.changes)
        break
    }
  }
  return row
}

function foldProgress(events: readonly Whole[]): Row {
  let latest: Position | null = null
  const row: Row = { distance: 0, moving_time: 0, timer_time: 0, speed: null }
  for (const { event, version, position, recordedAt } of events) {
    Object.assign(row, { version, position, updated_at: recordedAt })
    if (event.type === 'RidePositionsRecorded') {
      for (const sample of event.positions) {
        if (sample.latitude !== undefined && (latest === null || sample.at >= latest.at)) latest = sample
      }
    }
    if ('progress' in event && event.progress !== null) {
      const { distance, movingTime, timerTime, speed } = event.progress
      Object.assign(row, { distance, moving_time: movingTime, timer_time: timerTime, speed })
    }
  }
  // As JSON keeps it: without what was not measured.
  return { ...row, latest: JSON.parse(JSON.stringify(latest)) }
}

function foldRoute(events: readonly Whole[]): Row | undefined {
  if (!events.some(({ event }) => event.type === 'RideEnded')) return undefined
  const track = trackOf(events.map(({ event }) => event))
  const numbers = statisticsOf(track)
  const lines = track.segments.filter(({ fixes }) => fixes.length >= 2)
  return {
    points: lines.reduce((sum, { fixes }) => sum + fixes.length, 0),
    excluded: track.excluded,
    elapsed_time: numbers.elapsedTime,
    timer_time: numbers.timerTime,
    moving_time: numbers.movingTime,
    max_speed: numbers.maxSpeed,
    elevation_gain: numbers.elevationGain,
    elevation_loss: numbers.elevationLoss,
    average_heart_rate: numbers.averageHeartRate,
    max_heart_rate: numbers.maxHeartRate,
    average_cadence: numbers.averageCadence,
    average_power: numbers.averagePower,
  }
}
