/** The recorder of the app: one, however often it is asked for. */
import type { App } from '../app/app.ts'
import { createRecorder, type Recorder } from './recorder.ts'

const recorders = new WeakMap<App, Recorder>()

export function recorderOf(app: App): Recorder {
  const recorder = recorders.get(app) ?? createRecorder(app, window.localStorage)
  recorders.set(app, recorder)
  return recorder
}
