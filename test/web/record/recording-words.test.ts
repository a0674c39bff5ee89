import { describe, expect, it } from 'vitest'
import { ranges } from '#ride/ranges.ts'
import { accuracyAdvice, accuracyInWords } from '../../../web/record/accuracy-words.ts'
import { meaningOf, refusalInWords } from '../../../web/record/answer.ts'
import { createOdometer } from '../../../web/record/distance.ts'
import type { Entry } from '../../../web/record/entries.ts'
import { gpxOf, jsonOf } from '../../../web/record/gpx.ts'
import { keptInWords } from '../../../web/record/kept-words.ts'
import { mostPositions, nextStep } from '../../../web/record/next-step.ts'
import { queueInWords } from '../../../web/record/queue-words.ts'
import { fold, positionsNotTaken, type Recording, timerAt } from '../../../web/record/recording.ts'
import { bounds, takePosition } from '../../../web/record/take-position.ts'

const at = Date.UTC(2026, 5, 1, 8)
const start: Entry = { type: 'RideStarted', rideId: 'a', at, title: null, visibility: 'PRIVATE' }

describe('what the recorder says', () => {
  it('says how well the phone knows where it is, in the units of who reads it', () => {
    expect(accuracyInWords(4.6, 'metric')).toBe('Good, ± 5 m')
    expect(accuracyInWords(20, 'imperial')).toBe('Fair, ± 66 ft')
    expect(accuracyInWords(48, 'metric')).toBe('Poor, ± 48 m')
    expect(accuracyInWords(120_000, 'metric')).toBe('Too poor, ± 120 km')
    expect(accuracyAdvice(5)).toBeNull()
    expect(accuracyAdvice(51)).toContain('left out')
  })

  it('says what waits', () => {
    const taken = (count: number): Entry[] => [start, { type: 'Answered', id: 'a' }, ...positions(count)]
    expect(queueInWords(folded([start]))).toBe('The start waits to be sent')
    expect(queueInWords(folded(taken(0)))).toBe('All sent')
    expect(queueInWords(folded(taken(1)))).toBe('1 position waits to be sent')
    expect(queueInWords(folded(taken(1_320)))).toBe('1,320 positions wait to be sent')
  })

  it('says why a ride is not taken any more', () => {
    expect(refusalInWords({ code: 'RIDE_NOT_ACTIVE', message: '', status: 'FINISHED' })).toContain(
      'twelve hours',
    )
    expect(refusalInWords({ code: 'RIDE_NOT_FOUND', message: 'x' })).toContain('deleted')
  })
})

describe('what the server does not take', () => {
  const stopped: Entry = {
    type: 'Stopped',
    refusal: { code: 'RIDE_NOT_ACTIVE', message: '', status: 'FINISHED' },
  }
  const sent = [
    ...[start, { type: 'Answered', id: 'a' } as const, ...positions(3)],
    { type: 'UploadMade', uploadId: 'u', count: 3 } as const,
    { type: 'Answered', id: 'u' } as const,
  ]
  const ended: Entry = { type: 'RideEnded', commandId: 'e', at: at + 60_000 }

  it('is imported once the ride has ended, and what the server has of it is deleted then', () => {
    expect(keptInWords(folded([...sent, ...positions(2), stopped]), 0)).toContain('End the ride')
    const words = keptInWords(folded([...sent, ...positions(2), stopped, ended]), 0)
    expect(words).toContain('The whole recording is kept here. Import it')
    expect(words).toContain('The server has the first 3 positions as a ride of its own')
  })

  it('is a ride of which the server has nothing, or all that is not here', () => {
    const all = folded([start, { type: 'Answered', id: 'a' }, ...positions(2), stopped, ended])
    expect(keptInWords(all, 0)).not.toContain('delete')
    const rest = keptInWords(folded([...sent, ...positions(2), stopped, ended]), 3)
    expect(rest).toContain('There was no room for the first 3 positions, which it has')
    expect(rest).not.toContain('delete')
  })
})

describe('uploads', () => {
  const waiting = (count: number) => folded([start, { type: 'Answered', id: 'a' }, ...positions(count)])

  it('are gathered for some seconds while the ride goes on, and hold so many at most as a poor network takes', () => {
    expect(nextStep(waiting(3), 2_000, 0)).toEqual({ kind: 'wait', forMs: 3_000 })
    expect(nextStep(waiting(3), 5_000, 0)).toEqual({ kind: 'make upload', count: 3 })
    expect(nextStep(waiting(2_300), 100, 0)).toEqual({ kind: 'make upload', count: mostPositions })
  })

  it('do not wait once a pause stands behind them', () => {
    const paused = folded([
      ...[start, { type: 'Answered', id: 'a' } as const, ...positions(3)],
      { type: 'RidePaused', commandId: 'p', at: at + 9_000 },
    ])
    expect(nextStep(paused, 100, 0)).toEqual({ kind: 'make upload', count: 3 })
  })
})

describe('an answer', () => {
  const refused = (code: string, more = {}) =>
    ({ ok: true, data: { __typename: 'E', code, message: '', ...more } }) as const

  it('that asks for time is given it', () => {
    expect(meaningOf('upload', refused('RATE_LIMITED', { retryAfter: 7 }))).toEqual({
      kind: 'again',
      retryAfterMs: 7_000,
    })
  })

  it('that it was done before is as good as that it is done', () => {
    expect(meaningOf('end', refused('INVALID_TRANSITION', { status: 'FINISHED' })).kind).toBe('answered')
    expect(meaningOf('pause', refused('INVALID_TRANSITION', { status: 'ENDED' })).kind).toBe('stopped')
  })

  it('to somebody who may not be the rider is weighed by who he is', () => {
    for (const code of ['UNAUTHENTICATED', 'FORBIDDEN', 'RIDE_NOT_FOUND']) {
      expect(meaningOf('upload', refused(code)).kind).toBe('who')
    }
  })
})

describe('a position', () => {
  const coords = {
    ...{ latitude: 46.123456789, longitude: 7.1, altitude: null, speed: Number.NaN },
    ...{ heading: null, accuracy: 5.04 },
  }

  it('has what was measured, and nothing that the server would refuse', () => {
    expect(takePosition(coords, at, 0.5)).toEqual({
      ...{ at, latitude: 46.1234568, longitude: 7.1, accuracy: 5, battery: 0.5 },
    })
    expect(takePosition({ ...coords, latitude: Number.NaN }, at, null)).toBeNull()
  })

  it('is measured within the bounds of the server', () => {
    const known = new Map<string, readonly [number, number]>(
      ranges.map(([field, least, most]) => [field, [least, most]]),
    )
    for (const [field, [least, most]] of Object.entries(bounds))
      expect(known.get(field)).toEqual([least, most])
  })
})

describe('a recording', () => {
  it('runs its timer while the ride is active', () => {
    const paused: Entry[] = [start, { type: 'RidePaused', commandId: 'p', at: at + 60_000 }]
    expect(timerAt(folded(paused), at + 90_000)).toBe(60_000)
    const resumed = folded([...paused, { type: 'RideResumed', commandId: 'r', at: at + 80_000 }])
    expect(timerAt(resumed, at + 90_000)).toBe(70_000)
  })

  it('is a file with all of it, pauses included', () => {
    const recording = folded([
      { ...start, title: 'Up & <down>' } as Entry,
      ...positions(2),
      { type: 'RidePaused', commandId: 'p', at: at + 60_000 },
      { type: 'RideResumed', commandId: 'r', at: at + 80_000 },
      ...positions(1, 90),
      { type: 'Stopped', refusal: { code: 'RIDE_NOT_FOUND', message: '' } },
    ])
    const taken = [...positions(2), ...positions(1, 90)].flatMap((entry) =>
      entry.type === 'PositionTaken' ? [entry.position] : [],
    )
    const gpx = gpxOf(recording, taken)
    expect(gpx.match(/<trkseg>/g)).toHaveLength(2)
    expect(gpx).toContain('Up &amp; &lt;down&gt;')
    expect(gpx).toContain('<time>2026-06-01T08:01:30.000Z</time>')
    expect(JSON.parse(jsonOf(recording, taken))).toMatchObject({ positions: { length: 3 }, stopped: {} })
    expect(positionsNotTaken(recording)).toBe(3)
  })
})

describe('the distance on the way', () => {
  it('is that of the way, and not of the trembling of who stands', () => {
    const odometer = createOdometer()
    for (let second = 0; second <= 100; second++) {
      odometer.add({
        at: at + second * 1_000,
        latitude: 46 + (second * 5) / 111_195,
        longitude: 7,
        accuracy: 5,
      })
    }
    expect(odometer.through.at(-1)).toBeCloseTo(500, 0)
    for (let second = 101; second <= 200; second++) {
      const trembling = (second % 2) / 111_195
      odometer.add({
        at: at + second * 1_000,
        latitude: 46 + 500 / 111_195 + trembling,
        longitude: 7,
        accuracy: 5,
      })
    }
    expect(odometer.through.at(-1)).toBeCloseTo(500, 0)
  })

  it('leaves out a leap that no bicycle makes, and the way across a pause', () => {
    const odometer = createOdometer()
    odometer.add({ at, latitude: 46, longitude: 7 })
    odometer.add({ at: at + 1_000, latitude: 46.01, longitude: 7 })
    expect(odometer.through.at(-1)).toBe(0)
    odometer.lift()
    odometer.add({ at: at + 600_000, latitude: 46.02, longitude: 7 })
    expect(odometer.through.at(-1)).toBe(0)
  })
})

function folded(entries: readonly Entry[]): Recording {
  const recording = fold(entries)
  if (recording === null) throw new Error('no entry')
  return recording
}

function positions(count: number, fromSecond = 1): Entry[] {
  return Array.from({ length: count }, (_, index) => ({
    type: 'PositionTaken',
    position: { at: at + (fromSecond + index) * 1_000, latitude: 46, longitude: 7 },
  }))
}
