/** What is said where the places that a route leaves out do not come. */
import { expect, it } from 'vitest'
import { leftOutInWords, notShownInWords } from '../../../web/ride/excluded-words.ts'

it('says when the page asks again, and what asking again does not change', () => {
  expect(notShownInWords({ kind: 'again', retryAfterMs: 11_200 })).toMatch(/too much at once.* in 12 s/)
  expect(notShownInWords({ kind: 'again', retryAfterMs: null })).toMatch(/does not answer/)
  expect(notShownInWords({ kind: 'final', code: 'FORBIDDEN', message: 'Not yours.' })).toBe('Not yours.')
})

it('counts them', () => {
  expect(leftOutInWords(1)).toBe('1 position was left out')
  expect(leftOutInWords(1_200)).toBe('1,200 positions were left out')
})
