/** What the recorder says where the browser does not save what is recorded. */
import { expect, it } from 'vitest'
import { keepFaultInWords, keepFaultOf, whyNot, whyNotRead } from '../../../web/record/keep-fault.ts'

const named = (name: string) => keepFaultOf(new DOMException('as the browser says it', name))

it('a fault is told by what its rider does about it', () => {
  expect(named('QuotaExceededError')).toBe('full')
  expect(named('VersionError')).toBe('newer app')
  expect(named('InvalidStateError')).toBe('closed')
  expect(keepFaultOf('no error at all')).toBe('closed')
})

it('while a ride is recorded it says why, where it is meanwhile, and what to do', () => {
  expect(keepFaultInWords('full')).toBe(
    'This phone’s storage is full. What is recorded now is only in this page: leave it open. Free some space, and it is saved by itself.',
  )
  expect(keepFaultInWords('newer app')).toBe(
    'A newer version of Slipstream is open in this browser, and this page is too old to save anything. What is recorded now is only in this page: leave it open. To go on, load the page again: what is only in this page is lost then.',
  )
  expect(keepFaultInWords('closed')).toBe(
    'This browser does not save anything at the moment. What is recorded now is only in this page: leave it open. It tries again by itself. If that does not help, load the page again: what is only in this page is lost then.',
  )
})

it('where nothing is recorded it promises nothing of what is only in the page', () => {
  for (const fault of ['full', 'newer app', 'closed'] as const) {
    expect(whyNot(fault)).not.toContain('only in this page')
    expect(whyNotRead(fault)).not.toContain('save')
  }
})
