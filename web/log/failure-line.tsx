/** What is the matter, and a way to try again. */
import type { Failure } from '../graphql/failure.ts'
import { sentenceAbout } from './failure-words.ts'

export function FailureLine({ failure, again }: { failure: Failure; again: () => void }) {
  return (
    <div className="log-failure">
      <p className="complaint" role="alert">
        {sentenceAbout(failure)}
      </p>
      <button type="button" className="button button-small" onClick={again}>
        Try again
      </button>
    </div>
  )
}
