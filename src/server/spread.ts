/**
 * Sending many clients away, not all in the same instant: each comes back at once to another process, or to this one started anew,
 * which reads for each what it has missed.
 */
import { setTimeout as pause } from 'node:timers/promises'

/** Up to so many a second where that takes no longer than the time there is. */
const perSecond = 5_000
const everyMs = 10
const longestMs = 2_000

export async function spread<Item>(items: Iterable<Item>, act: (item: Item) => void): Promise<void> {
  const waiting = [...items]
  const atOnce = Math.max(perSecond * (everyMs / 1_000), Math.ceil(waiting.length * (everyMs / longestMs)))
  for (let from = 0; from < waiting.length; from += atOnce) {
    if (from > 0) await pause(everyMs)
    for (const item of waiting.slice(from, from + atOnce)) act(item)
  }
}
