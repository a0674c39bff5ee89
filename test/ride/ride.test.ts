import { describe, expect, test } from 'vitest'
import type { RideEvent, RideEventType } from '#ride/events.ts'
import { statusAfter } from '#ride/events.ts'
import type { RideCommand, RideRefusal, RideState } from '#ride/ride.ts'
import {
  ended,
  finished,
  given,
  minutes,
  now,
  paused,
  recorded,
  resumed,
  rider,
  start,
  started,
  stranger,
} from './given.ts'

type Status = RideState['status']

const histories: Record<Status, readonly RideEvent[]> = {
  NOT_STARTED: [],
  ACTIVE: [started, recorded(minutes(1))],
  PAUSED: [started, paused(minutes(5))],
  ENDED: [started, ended(minutes(5))],
  FINISHED: [started, ended(minutes(5)), finished(minutes(6))],
  DELETED: [started, { type: 'RideDeleted', at: minutes(6), status: 'ACTIVE' }],
}

const commands = {
  startRide: { type: 'startRide', startedAt: start, title: 'Morning ride', visibility: 'PUBLIC' },
  recordPositions: {
    type: 'recordPositions',
    positions: [{ at: minutes(10), latitude: 51.5, longitude: -0.1 }],
  },
  pauseRide: { type: 'pauseRide', at: minutes(10) },
  resumeRide: { type: 'resumeRide', at: minutes(10) },
  endRide: { type: 'endRide', at: minutes(10) },
  editRide: { type: 'editRide', changes: { title: 'Evening ride' } },
  deleteRide: { type: 'deleteRide', at: minutes(10) },
  finishRide: { type: 'finishRide', progress: null },
} as const satisfies Record<string, RideCommand>

/** The whole table of state × command: the event where the command is legal, else the refusal's code. */
const table: Record<keyof typeof commands, Record<Status, RideEventType | RideRefusal['code']>> = {
  startRide: {
    NOT_STARTED: 'RideStarted',
    ACTIVE: 'ID_TAKEN',
    PAUSED: 'ID_TAKEN',
    ENDED: 'ID_TAKEN',
    FINISHED: 'ID_TAKEN',
    DELETED: 'ID_TAKEN',
  },
  recordPositions: {
    NOT_STARTED: 'RIDE_NOT_FOUND',
    ACTIVE: 'RidePositionsRecorded',
    PAUSED: 'RIDE_NOT_ACTIVE',
    ENDED: 'RIDE_NOT_ACTIVE',
    FINISHED: 'RIDE_NOT_ACTIVE',
    DELETED: 'RIDE_NOT_FOUND',
  },
  pauseRide: {
    NOT_STARTED: 'RIDE_NOT_FOUND',
    ACTIVE: 'RidePaused',
    PAUSED: 'INVALID_TRANSITION',
    ENDED: 'INVALID_TRANSITION',
    FINISHED: 'INVALID_TRANSITION',
    DELETED: 'RIDE_NOT_FOUND',
  },
  resumeRide: {
    NOT_STARTED: 'RIDE_NOT_FOUND',
    ACTIVE: 'INVALID_TRANSITION',
    PAUSED: 'RideResumed',
    ENDED: 'INVALID_TRANSITION',
    FINISHED: 'INVALID_TRANSITION',
    DELETED: 'RIDE_NOT_FOUND',
  },
  endRide: {
    NOT_STARTED: 'RIDE_NOT_FOUND',
    ACTIVE: 'RideEnded',
    PAUSED: 'RideEnded',
    ENDED: 'INVALID_TRANSITION',
    FINISHED: 'INVALID_TRANSITION',
    DELETED: 'RIDE_NOT_FOUND',
  },
  editRide: {
    NOT_STARTED: 'RIDE_NOT_FOUND',
    ACTIVE: 'RideEdited',
    PAUSED: 'RideEdited',
    ENDED: 'RideEdited',
    FINISHED: 'RideEdited',
    DELETED: 'RIDE_NOT_FOUND',
  },
  deleteRide: {
    NOT_STARTED: 'RIDE_NOT_FOUND',
    ACTIVE: 'RideDeleted',
    PAUSED: 'RideDeleted',
    ENDED: 'RideDeleted',
    FINISHED: 'RideDeleted',
    DELETED: 'RIDE_NOT_FOUND',
  },
  finishRide: {
    NOT_STARTED: 'RIDE_NOT_FOUND',
    ACTIVE: 'INVALID_TRANSITION',
    PAUSED: 'INVALID_TRANSITION',
    ENDED: 'RideFinished',
    FINISHED: 'INVALID_TRANSITION',
    DELETED: 'RIDE_NOT_FOUND',
  },
}

describe('the table of state × command', () => {
  const cells = Object.entries(table).flatMap(([command, row]) =>
    Object.entries(row).map(([status, outcome]) => ({
      command: command as keyof typeof commands,
      status: status as Status,
      outcome,
    })),
  )
  test.each(cells)('$command of a ride that is $status: $outcome', ({ command, status, outcome }) => {
    const circumstances = { actor: command === 'finishRide' ? ('system' as const) : rider, now }
    const asked = given(...histories[status]).when(commands[command], circumstances)
    if (outcome.startsWith('Ride')) asked.thenAccepted({ type: outcome as RideEventType })
    else asked.thenRefused({ code: outcome as RideRefusal['code'] })
  })

  test('a refusal names the status that stood in the way', () => {
    given(...histories.PAUSED)
      .when(commands.recordPositions)
      .thenRefused({ code: 'RIDE_NOT_ACTIVE', status: 'PAUSED' })
    given(...histories.ENDED)
      .when(commands.pauseRide)
      .thenRefused({ code: 'INVALID_TRANSITION', status: 'ENDED' })
  })

  test.each([
    ['PAUSED', 'pauseRide', 'The ride is paused already. Resume it with resumeRide when the rider goes on.'],
    ['ENDED', 'pauseRide', 'The ride has ended, and cannot go on. Start a new one with startRide.'],
    ['ACTIVE', 'resumeRide', 'The ride is not paused. Go on sending positions with recordPositions.'],
    ['FINISHED', 'resumeRide', 'The ride has ended, and cannot go on. Start a new one with startRide.'],
    ['ENDED', 'endRide', 'The ride has ended already: nothing is left to do.'],
  ] as const)('a ride that is %s refuses %s with what to do', (status, command, message) => {
    given(...histories[status])
      .when(commands[command])
      .thenRefused({ code: 'INVALID_TRANSITION', message })
  })

  test('nothing of a deleted ride is kept in its state', () => {
    const { state } = given(...histories.DELETED)
    expect(state).toEqual({ status: 'DELETED' })
  })

  test('editing leaves the status as it is, and says it', () => {
    for (const status of ['ACTIVE', 'PAUSED', 'ENDED', 'FINISHED'] as const) {
      const { decision } = given(...histories[status]).when(commands.editRide)
      expect(decision).toMatchObject({ accepted: true, event: { status } })
      if (decision.accepted) expect(statusAfter(decision.event)).toBe(status)
    }
  })
})

describe('whose ride it is', () => {
  test("another rider's command finds no ride", () => {
    for (const command of [
      commands.recordPositions,
      commands.pauseRide,
      commands.endRide,
      commands.editRide,
    ]) {
      given(...histories.ACTIVE)
        .when(command, { actor: stranger, now })
        .thenRefused({ code: 'RIDE_NOT_FOUND' })
    }
  })

  test('the system ends a silent ride when it was last heard of, by its own clock', () => {
    given(started, recorded(minutes(7)))
      .when({ type: 'endRide', at: null }, { actor: 'system', now: minutes(60 * 24 * 365) })
      .thenAccepted({ type: 'RideEnded', at: minutes(7) })
    given(started, paused(minutes(60 * 20)))
      .when({ type: 'endRide', at: null }, { actor: 'system', now: minutes(60 * 13) })
      .thenAccepted({ type: 'RideEnded', at: minutes(60 * 20) })
  })

  test('the system may end any ride', () => {
    given(...histories.ACTIVE)
      .when(commands.endRide, { actor: 'system', now })
      .thenAccepted({ type: 'RideEnded' })
  })
})

describe('time', () => {
  test('a command without a time happens now', () => {
    given(started).when({ type: 'pauseRide', at: null }).thenAccepted({ type: 'RidePaused', at: now })
    given()
      .when({ ...commands.startRide, startedAt: null })
      .thenAccepted({ type: 'RideStarted', at: now })
  })

  test('a ride that starts now starts with the second, so that a device without milliseconds is not early', () => {
    given()
      .when({ ...commands.startRide, startedAt: null }, { actor: rider, now: now + 987 })
      .thenAccepted({ at: now })
  })

  test('a command without a time never lies before the last one, whatever the clocks say', () => {
    given(started, paused(now + 5_000))
      .when({ type: 'resumeRide', at: null })
      .thenAccepted({ at: now + 5_000 })
  })

  test("a command from before the last command's time is refused", () => {
    given(started, paused(minutes(5)))
      .when({ type: 'resumeRide', at: minutes(4) })
      .thenRefused({ code: 'INVALID_INPUT', path: ['at'] })
    given(started)
      .when({ type: 'endRide', at: start - 1 })
      .thenRefused({ code: 'INVALID_INPUT', path: ['at'] })
  })

  test('a command at the very time of the last one is accepted', () => {
    given(started, paused(minutes(5)))
      .when({ type: 'resumeRide', at: minutes(5) })
      .thenAccepted({ type: 'RideResumed' })
  })

  test('more than 24 hours ahead is refused, 24 hours are not', () => {
    const day = 24 * 3_600_000
    given(started)
      .when({ type: 'endRide', at: now + day + 1 })
      .thenRefused({ code: 'INVALID_INPUT', path: ['at'] })
    given(started)
      .when({ type: 'endRide', at: now + day })
      .thenAccepted({ type: 'RideEnded' })
    given()
      .when({ ...commands.startRide, startedAt: now + day + 1 })
      .thenRefused({ path: ['startedAt'] })
    given(started)
      .when({ type: 'recordPositions', positions: [{ at: minutes(1) }, { at: now + day + 1 }] })
      .thenRefused({ code: 'INVALID_INPUT', path: ['positions', '1', 'at'] })
  })

  test("a position from before the ride's start is refused, and named", () => {
    given(started)
      .when({ type: 'recordPositions', positions: [{ at: start }, { at: start - 1 }] })
      .thenRefused({ code: 'INVALID_INPUT', path: ['positions', '1', 'at'] })
  })

  test("a ride's status when the command arrives decides, not a position's time", () => {
    given(started, paused(minutes(5)), resumed(minutes(10)))
      .when({ type: 'recordPositions', positions: [{ at: minutes(7) }] })
      .thenAccepted({ type: 'RidePositionsRecorded' })
  })

  test('an upload happens at its newest position, in whatever order they come', () => {
    given(started)
      .when({
        type: 'recordPositions',
        positions: [{ at: minutes(3) }, { at: minutes(4) }, { at: minutes(2) }],
      })
      .thenAccepted({ at: minutes(4) })
  })
})

test('what cannot have happened is a fault', () => {
  expect(() => given(paused(minutes(1)))).toThrow('RidePaused of a ride that is NOT_STARTED')
  expect(() => given(...histories.DELETED, paused(minutes(7)))).toThrow(
    'RidePaused of a ride that is DELETED',
  )
})
