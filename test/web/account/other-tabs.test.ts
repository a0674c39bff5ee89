import { expect, test, vi } from 'vitest'
import { createOtherTabs } from '../../../web/account/other-tabs.ts'

test('leaving is told to all other tabs', async () => {
  const [here, there, elsewhere] = [vi.fn(), vi.fn(), vi.fn()]
  const tab = createOtherTabs(here)
  createOtherTabs(there)
  createOtherTabs(elsewhere)
  tab.tellOfLeaving()
  await vi.waitUntil(() => there.mock.calls.length === 1 && elsewhere.mock.calls.length === 1)
  expect(here).not.toHaveBeenCalled()
})
