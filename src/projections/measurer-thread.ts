/** The entry of a thread that measures rides, one after the other, so that nothing else waits for it. */
import { parentPort } from 'node:worker_threads'
import { type ExcludedPositions, excludedPositionsIn } from './excluded-positions.ts'
import { type MeasuredForAll, measureRide } from './measure.ts'

/** What can be asked for of a ride's events. */
export interface Answers {
  readonly measured: MeasuredForAll | undefined
  readonly excluded: ExcludedPositions | undefined
}

export interface Task {
  readonly of: keyof Answers
  readonly events: string
}

export type Measurement =
  | { readonly outcome: 'done'; readonly answer: Answers[keyof Answers] }
  | { readonly outcome: 'failed'; readonly error: unknown }

if (parentPort === null) throw new Error('This file is the entry of a thread of its own.')
const parent = parentPort

parent.on('message', (task: Task) => {
  try {
    if (task.of === 'excluded') return done(excludedPositionsIn(task.events))
    const ride = measureRide(task.events)
    done(
      ride,
      [ride?.own.lines, ride?.others?.lines].flatMap((each) => each?.buffer ?? []),
    )
  } catch (error) {
    parent.postMessage({ outcome: 'failed', error } satisfies Measurement)
  }
})

function done(answer: Answers[keyof Answers], moved: ArrayBuffer[] = []): void {
  parent.postMessage({ outcome: 'done', answer } satisfies Measurement, moved)
}
