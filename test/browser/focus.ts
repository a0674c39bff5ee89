/** Where whoever uses the keyboard stands. */
import type { Locator } from 'playwright-core'

/** Waits until this has the focus. */
export function toHaveFocus(place: Locator): Promise<void> {
  return place.and(place.page().locator(':focus')).waitFor()
}
