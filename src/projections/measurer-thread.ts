/** The entry of a thread that measures rides, one after the other, so that nothing else waits for it. */
import { parentPort } from 'node:worker_threads'
import { type MeasuredRide, measureRide } from './measure.ts'

export type Measurement =
  | { readonly outcome: 'measured'; readonly ride: MeasuredRide | undefined }
  | { readonly outcome: 'failed'; readonly error: unknown }

if (parentPort === null) throw new Error('This file is the entry of a thread of its own.')
const parent = parentPort

parent.on('message', (events: string) => {
  const measurement = measured(events)
  const lines = measurement.outcome === 'measured' ? measurement.ride?.lines : undefined
  parent.postMessage(measurement, lines ? [lines.buffer] : [])
})

function measured(events: string): Measurement {
  try {
    return { outcome: 'measured', ride: measureRide(events) }
  } catch (error) {
    return { outcome: 'failed', error }
  }
}
