/** Tabs of one browser, by the locks that they share. */
import { expect, it } from 'vitest'
import { asOneTab } from '../../../web/record/one-tab.ts'
import { eventually } from '../../support/eventually.ts'

/** As in browsers: none is given at once. */
const locks = {
  request: async (name: string, options: LockOptions, given: LockGrantedCallback<unknown>) => {
    await new Promise((resolve) => setImmediate(resolve))
    return navigator.locks.request(name, options, given)
  },
} as Pick<LockManager, 'request'>

function openTab() {
  const begun: AbortSignal[] = []
  let waits = 0
  const tab = asOneTab(
    (signal) => begun.push(signal),
    () => {
      waits += 1
    },
    locks,
  )
  return {
    takeOver: tab.takeOver,
    begun,
    waits: () => waits,
    isRecording: () => begun.some((signal) => !signal.aborted),
  }
}

it('one tab records; whoever takes over begins once, however often it is told to, and the other one waits', async () => {
  const first = openTab()
  await eventually('the first to record', first.isRecording)
  const second = openTab()
  await eventually('the second to wait', () => second.waits() === 1)
  second.takeOver()
  second.takeOver()
  await eventually('the first to wait', () => first.waits() === 1)
  await eventually('the second to record', second.isRecording)
  expect(first.isRecording()).toBe(false)
  expect(second.begun).toHaveLength(1)

  // It begins anew where it records: what was begun has ended, and nobody else begins.
  second.takeOver()
  await eventually('it to begin anew', () => second.begun.length === 2)
  expect(second.begun.map(({ aborted }) => aborted)).toEqual([true, false])
  expect(first.isRecording()).toBe(false)

  // Back and forth: each waits for the other afterwards as it did before.
  for (const [one, other] of [
    [first, second],
    [second, first],
  ] as const) {
    one.takeOver()
    await eventually('the other to wait', () => !other.isRecording())
    await eventually('it to record', one.isRecording)
  }
  expect(first.begun).toHaveLength(2)
  expect(second.begun).toHaveLength(3)
  expect((await navigator.locks.query()).held).toHaveLength(1)
})
