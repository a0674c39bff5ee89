import { expect, test, vi } from 'vitest'
import { createKeptPages } from '../../../web/account/kept-pages.ts'

/** A browser whose pages keep what they showed until they are shown again. */
function browser() {
  const kept = new Map<string, string>()
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  }
  return {
    storage,
    open() {
      const begin = vi.fn()
      const shownAgain: (() => void)[] = []
      const pages = createKeptPages(storage, (shown) => shownAgain.push(shown), begin)
      return { ...pages, begin, showAgain: () => shownAgain.forEach((shown) => void shown()) }
    },
  }
}

test('a page of who has left meanwhile begins anew when it is shown again', () => {
  const { open } = browser()
  const [account, otherTab] = [open(), open()]
  account.outdate()
  expect(account.begin).not.toHaveBeenCalled()
  account.showAgain()
  otherTab.showAgain()
  expect(account.begin).toHaveBeenCalledOnce()
  expect(otherTab.begin).toHaveBeenCalledOnce()
})

test('a page of who is still there is shown again as it was, also after others were there before him', () => {
  const { open } = browser()
  open().outdate()
  open().outdate()
  const page = open()
  page.showAgain()
  expect(page.begin).not.toHaveBeenCalled()
})

test('he comes and leaves also where the browser keeps nothing', () => {
  const full = {
    ...browser().storage,
    setItem() {
      throw new DOMException('Full', 'QuotaExceededError')
    },
  }
  expect(() => createKeptPages(full, () => {}, vi.fn()).outdate()).not.toThrow()
})
