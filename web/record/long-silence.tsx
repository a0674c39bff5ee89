/** A ride that was recorded last long ago: whether it goes on is its rider's to say. */
import { useApp } from '../app/app.ts'
import { useArrival } from '../forms/arriving.ts'
import { formatStart, thisViewer } from '../rides/start.ts'
import type { Recorder, RideHere } from './recorder.ts'

export function LongSilence({ recorder, ride: { recording } }: { recorder: Recorder; ride: RideHere }) {
  const { announcements } = useApp()
  const heading = useArrival<HTMLHeadingElement>()
  const last = formatStart(new Date(recording.lastAt).toISOString(), null, thisViewer())

  async function told(asked: Promise<boolean>, words: string): Promise<void> {
    if (await asked) announcements.say(words)
  }

  return (
    <section className="recorder-silence">
      <h2 ref={heading} tabIndex={-1}>
        Does the ride go on?
      </h2>
      <p>
        <strong>{recording.title ?? 'A ride'}</strong> has not ended. Its last position is from {last}.
        Nothing is recorded until you choose.
      </p>
      <div className="recorder-buttons">
        <button
          type="button"
          className="recorder-button recorder-go"
          onClick={() => {
            void told(recorder.goOn(), 'The ride goes on.')
          }}
        >
          Go on
        </button>
        <button
          type="button"
          className="recorder-button"
          onClick={() => {
            void told(recorder.end('last heard of'), 'The ride has ended.')
          }}
        >
          End it there
        </button>
      </div>
      <p className="note">If it goes on, the time between counts as a pause.</p>
    </section>
  )
}
