/** The entry of a thread that measures rides, one after the other, so that nothing else waits for it. */
import { parentPort } from 'node:worker_threads'
import { type MeasuredForAll, measureRide } from './measure.ts'

export type Measurement =
  | { readonly outcome: 'measured'; readonly ride: MeasuredForAll | undefined }
  | { readonly outcome: 'failed'; readonly error: unknown }

if (parentPort === null) throw new Error('This file is the entry of a thread of its own.')
const parent = parentPort

parent.on('message', (events: string) => {
  const measurement = measured(events)
  const ride = measurement.outcome === 'measured' ? measurement.ride : undefined
  const lines = [ride?.own.lines, ride?.others?.lines].flatMap((each) => each?.buffer ?? [])
  parent.postMessage(measurement, lines)
})

function measured(events: string): Measurement {
  try {
    return { outcome: 'measured', ride: measureRide(events) }
  } catch (error) {
    return { outcome: 'failed', error }
  }
}
