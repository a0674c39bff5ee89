import { expect, it } from 'vitest'
import { nothingInWords } from '../../../web/live/nothing-in-words.ts'

it('why nothing is listed is said of the words, the status, or both: of what was chosen, and of nothing else', () => {
  expect(nothingInWords('zzzz ', undefined)).toBe(
    'No ride in progress has “zzzz” in its title or in its rider’s name.',
  )
  expect(nothingInWords(undefined, 'paused')).toBe('No ride is paused now.')
  expect(nothingInWords(' ', 'ended')).toBe('No ride has ended since this page was opened.')
  expect(nothingInWords('zzzz', 'stale')).toBe(
    'No stale ride has “zzzz” in its title or in its rider’s name.',
  )
})
