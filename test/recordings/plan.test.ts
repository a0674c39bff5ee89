import { fail } from 'node:assert'
import { expect, test } from 'vitest'
import { commandOf } from '#recordings/command-of.ts'
import { type Plan, planOf } from '#recordings/plan.ts'
import type { Recording, RecordingEntry } from '#recordings/recording.ts'
import { simulateRide } from '#recordings/simulate/simulate.ts'
import type { RideEvent } from '#ride/events.ts'
import { decide, evolve, notStarted, type RideState } from '#ride/ride.ts'
import { along } from '#ride/track/along.ts'
import { splitsOf } from '#ride/track/splits.ts'
import { statisticsOf } from '#ride/track/statistics.ts'
import { trackOf } from '#ride/track/track.ts'

const startedAt = Date.UTC(2026, 4, 1, 8)
const at = (second: number): number => startedAt + second * 1_000
const sample = (second: number): RecordingEntry => ({
  kind: 'position',
  position: { at: at(second), latitude: 46 + second / 10_000, longitude: 14 },
})
const pause = (second: number): RecordingEntry => ({ kind: 'pause', at: at(second) })
const resume = (second: number): RecordingEntry => ({ kind: 'resume', at: at(second) })
const recording = (entries: readonly RecordingEntry[], until: number): Recording => {
  return { name: undefined, startedAt, endedAt: at(until), entries }
}

test('what was recorded in a pause follows behind its resume, before all else', () => {
  const plan = planOf(
    recording([sample(0), pause(1), sample(2), sample(3), resume(4), sample(4), sample(5)], 6),
  )
  expect(told(plan)).toEqual(['start', [0], 'pause', 'resume', [2, 3], [4, 5], 'end'])
  expect([plan.positions, plan.leftOut]).toEqual([5, []])
})

test('of a long pause it comes in as few uploads as the service takes, when the ride goes on', () => {
  const inPause = [...Array(2_500).keys()].map((second) => sample(second + 2))
  const { steps } = planOf(
    recording([sample(0), pause(1), ...inPause, resume(2_502), sample(2_502)], 2_503),
    10_000,
  )
  const uploads = steps.filter((step) => step.kind === 'upload')
  expect(uploads.map(({ positions }) => positions.length)).toEqual([1, 1_000, 1_000, 500, 1])
  expect(uploads.slice(1).map(({ dueAt }) => dueAt)).toEqual(Array(4).fill(at(2_502)))
})

test('of a pause that nothing resumed it is left out, and said', () => {
  const plan = planOf(recording([sample(0), pause(1), sample(2), sample(3)], 3))
  expect(told(plan)).toEqual(['start', [0], 'pause', 'end'])
  expect([plan.positions, plan.leftOut]).toEqual([1, [{ reason: 'LAST_PAUSE', count: 2 }]])
})

test('a sample at the instant of a pause is of the time before it, wherever the device wrote it', () => {
  const plan = planOf(
    recording([sample(0), pause(1), sample(1), resume(5), sample(5), pause(6), sample(6)], 6),
  )
  expect(told(plan)).toEqual(['start', [0, 1], 'pause', 'resume', [5, 6], 'pause', 'end'])
  expect(plan.leftOut).toEqual([])
})

test('what was recorded in pauses is in the log, and changes no number but that of what is left out', () => {
  const simulated = simulateRide({
    seed: 2,
    start: { latitude: 46, longitude: 14 },
    startedAt,
    duration: 7_200,
  })
  const { entries, added } = withSamplesInPauses(simulated)
  expect(added).toBeGreaterThan(100)
  for (const uploadSpanMs of [10_000, Number.POSITIVE_INFINITY]) {
    const ridden = rideBy(planOf(simulated, uploadSpanMs))
    const more = rideBy(planOf({ ...simulated, entries }, uploadSpanMs))
    expect(more.commands).toEqual(ridden.commands)
    expect(more.statistics).toEqual(ridden.statistics)
    expect(more.splits).toEqual(ridden.splits)
    expect(more.segments).toEqual(ridden.segments)
    expect(more.excluded).toEqual([...ridden.excluded, { reason: 'OUTSIDE_ACTIVE_TIME', count: added }])
  }
})

/** Each pause gets a sample a second that leads away from the ride, where it is longer than that. */
function withSamplesInPauses({ entries }: Recording): { entries: RecordingEntry[]; added: number } {
  let added = 0
  const more = entries.flatMap((entry, index) => {
    const resumed = entries[index + 1]
    if (entry.kind !== 'pause' || resumed?.kind !== 'resume') return [entry]
    const between: RecordingEntry[] = []
    for (let instant = entry.at + 1_000; instant < resumed.at; instant += 1_000) {
      const away = ++added / 10_000
      const position = { at: instant, latitude: 46 + away, longitude: 14, heartRate: 230, speed: 30 }
      between.push({ kind: 'position', position })
    }
    return [entry, ...between]
  })
  return { entries: more, added }
}

/** What becomes of a plan that is sent to the service. */
function rideBy({ steps }: Plan) {
  let state: RideState = notStarted
  const events: RideEvent[] = []
  for (const step of steps) {
    const decision = decide(commandOf(step, null), state, { actor: { riderId: 'rider' }, now: at(100_000) })
    const event: RideEvent = decision.accepted ? decision.event : fail(JSON.stringify(decision.refusal))
    events.push(event)
    state = evolve(state, event)
  }
  const track = trackOf(events)
  return {
    /** With the running numbers. */
    commands: events.filter(({ type }) => type !== 'RidePositionsRecorded'),
    statistics: statisticsOf(track),
    splits: splitsOf(track, along(track), 'KILOMETRE'),
    segments: track.segments,
    excluded: track.excluded,
  }
}

/** The steps, of an upload the seconds of its positions. */
function told({ steps }: Plan): (string | number[])[] {
  return steps.map((step) =>
    step.kind === 'upload' ? step.positions.map((position) => (position.at - startedAt) / 1_000) : step.kind,
  )
}
