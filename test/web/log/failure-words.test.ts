import { expect, test } from 'vitest'
import type { Failure } from '../../../web/graphql/failure.ts'
import { sentenceAbout } from '../../../web/log/failure-words.ts'

const failures: readonly (readonly [Failure, string])[] = [
  [{ kind: 'again', retryAfterMs: null }, 'The server does not answer. Try again in a moment.'],
  [
    { kind: 'final', code: 'FORBIDDEN', message: 'For administrators.' },
    'The server does not show you the log. Sign in as an administrator.',
  ],
  [{ kind: 'final', code: 'INVALID_INPUT', message: 'Such a name is none.' }, 'Such a name is none.'],
]

test.each(failures)('of %j it is said what is the case', (failure, sentence) => {
  expect(sentenceAbout(failure)).toBe(sentence)
})
