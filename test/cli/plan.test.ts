import { expect, test } from 'vitest'
import { type Plan, planReplay, type Step } from '#cli/ride/plan.ts'
import type { Recording, RecordingEntry } from '#recordings/recording.ts'
import { simulateRide } from '#recordings/simulate/simulate.ts'
import type { Position } from '#ride/position.ts'

const startedAt = Date.UTC(2026, 4, 1, 8)
const at = (second: number): number => startedAt + second * 1_000
const sample = (second: number): RecordingEntry => ({ kind: 'position', position: { at: at(second) } })

test('every position is in one upload, those of a last pause excepted, which are counted', () => {
  const recording = recordingOf(
    [
      ...[
        sample(0),
        { kind: 'pause', at: at(1) } as const,
        sample(2),
        { kind: 'resume', at: at(3) } as const,
      ],
      ...[sample(3), sample(4), { kind: 'pause', at: at(5) } as const, sample(6)],
    ],
    7,
  )
  const plan = planOf(recording)
  expect(positionsOf(plan).map((position) => position.at)).toEqual([at(0), at(2), at(3), at(4)])
  expect([plan.positions, plan.leftOut]).toEqual([4, [{ reason: 'LAST_PAUSE', count: 1 }]])
})

test('an upload spans less than ten seconds of ride and holds at most a thousand positions', () => {
  const uploads = planOf(
    recordingOf(
      [...Array(3_000).keys()].map((index) => sample(index / 250)),
      60,
    ),
  )
    .steps.filter((step) => step.kind === 'upload')
    .map(({ positions }) => positions)
  expect(uploads.map(({ length }) => length)).toEqual([1_000, 1_000, 1_000])
  for (const upload of planOf(simulated()).steps.filter((step) => step.kind === 'upload')) {
    expect(upload.positions.at(-1)!.at - upload.positions[0]!.at).toBeLessThan(10_000)
  }
})

test('a plan starts, uploads, pauses and ends where the recording does, and never runs back in time', () => {
  const recording = simulated()
  const plan = planOf(recording)
  const commands = plan.steps.filter((step) => step.kind !== 'upload')
  expect(commands.map(({ kind }) => kind)).toEqual([
    'start',
    ...recording.entries.flatMap(({ kind }) => (kind === 'position' ? [] : [kind])),
    'end',
  ])
  expect(isSorted(commands.map((command) => command.at))).toBe(true)
  expect(isSorted(plan.steps.map(({ dueAt }) => dueAt))).toBe(true)
  expect(commands.at(-1)!.at).toBe(recording.endedAt)
})

test('a ride whose device ended it a moment before its last resume still ends last', () => {
  const entries: RecordingEntry[] = [sample(0), { kind: 'pause', at: at(5) }, { kind: 'resume', at: at(12) }]
  const plan = planOf(recordingOf(entries, 11))
  expect(plan.steps.map((step) => (step.kind === 'upload' ? step.kind : [step.kind, step.at]))).toEqual([
    ['start', at(0)],
    'upload',
    ['pause', at(5)],
    ['resume', at(12)],
    ['end', at(12)],
  ])
})

test('every step has an id of its own', () => {
  const { rideId, steps } = planOf(simulated())
  const ids = [rideId, ...steps.flatMap(idOf)]
  expect(new Set(ids).size).toBe(ids.length)
  expect(ids.length).toBe(steps.length)
})

function planOf(recording: Recording): Plan {
  let ids = 0
  return planReplay(recording, 'A ride', () => `id ${ids++}`)
}

function recordingOf(entries: readonly RecordingEntry[], seconds: number): Recording {
  return { name: undefined, startedAt, endedAt: at(seconds), entries }
}

function simulated(): Recording {
  return simulateRide({ seed: 2, start: { latitude: 46, longitude: 14 }, startedAt, duration: 3_600 })
}

function positionsOf({ steps }: Plan): Position[] {
  return steps.flatMap((step) => (step.kind === 'upload' ? step.positions : []))
}

function idOf(step: Step): string[] {
  if (step.kind === 'start') return []
  return [step.kind === 'upload' ? step.uploadId : step.commandId]
}

function isSorted(times: readonly number[]): boolean {
  return times.every((time, index) => index === 0 || time >= times[index - 1]!)
}
