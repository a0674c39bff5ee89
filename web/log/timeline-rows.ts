/** What the timeline of a stream says between and beside its events. Pure. */
import type { StreamEvent } from './documents.ts'
import { spanOf } from './log-words.ts'

export interface Gap {
  readonly words: string
  /** How much stands out: a second apart nothing does, an hour does, and another day most of all. */
  readonly size: 'short' | 'long' | 'day'
}

const shortestTold = 2_000
const longFrom = 10 * 60_000

type Timed = Pick<StreamEvent, 'recordedAt'>

/** Between an event and the one before it; null where it is not worth a word. */
export function gapBefore(previous: Timed | undefined, event: Timed): Gap | null {
  if (previous === undefined) return null
  const milliseconds = Date.parse(event.recordedAt) - Date.parse(previous.recordedAt)
  if (milliseconds < shortestTold) return null
  const isOtherDay = dayOf(previous) !== dayOf(event)
  const size = isOtherDay && milliseconds >= longFrom ? 'day' : milliseconds >= longFrom ? 'long' : 'short'
  return { words: `${spanOf(milliseconds)} later`, size }
}

function dayOf({ recordedAt }: Timed): string {
  return new Date(recordedAt).toDateString()
}

/** How late it was recorded, in few words, for they stand behind others on a phone; the clock of a device may run ahead. */
export function delayOf({ at, recordedAt }: Pick<StreamEvent, 'at' | 'recordedAt'>): string | null {
  if (at === null) return null
  const late = Date.parse(recordedAt) - Date.parse(at)
  if (Math.abs(late) < 1_000) return 'at once'
  return late > 0 ? `${spanOf(late)} late` : `clock ${spanOf(late)} ahead`
}

export const eventsOfPage = 100

/** Behind which versions pages begin that hold these rows. @param first counted from 0, both included. */
export function pagesOf(first: number, last: number): number[] {
  const pages: number[] = []
  for (let page = Math.floor(first / eventsOfPage); page <= Math.floor(last / eventsOfPage); page++) {
    pages.push(page * eventsOfPage)
  }
  return pages
}

/** Where a key leads from a version; undefined: nowhere. */
export function versionBy(key: string, selected: number | null, newest: number): number | undefined {
  const steps: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10 }
  if (key === 'Home') return 1
  if (key === 'End') return newest
  const step = steps[key]
  if (step === undefined || newest < 1) return undefined
  if (selected === null) return step > 0 ? 1 : newest
  return Math.min(newest, Math.max(1, selected + step))
}
