/** How much waits to be sent, and why. */
import { Link } from '@tanstack/react-router'
import { useCell } from '../state/use-cell.ts'
import { delayInWords, queueInWords } from './queue-words.ts'
import type { Recorder } from './recorder.ts'
import type { Recording } from './recording.ts'

export function QueueLine({ recorder, recording }: { recorder: Recorder; recording: Recording }) {
  const sending = useCell(recorder.sending)
  const isWaiting = recording.stopped === null && recording.waiting.length > 0
  const delay = isWaiting ? delayInWords(sending) : null
  const isHeldUp = delay !== null || recording.stopped !== null
  const quality = isHeldUp ? 'poor' : isWaiting ? 'unknown' : 'good'
  const mustSignIn = sending === 'signed out' || sending === 'other rider'
  return (
    <div className="recorder-fact" data-quality={quality} data-testid="queue">
      <span className="recorder-fact-name">Sending</span>
      <span className="recorder-fact-word">{queueInWords(recording)}</span>
      {delay !== null && (
        <p className="recorder-fact-advice">
          {delay}{' '}
          {mustSignIn ? (
            <Link to="/sign-in">Sign in</Link>
          ) : (
            <button type="button" className="link-button" onClick={recorder.retryNow}>
              Try now
            </button>
          )}
        </p>
      )}
    </div>
  )
}
