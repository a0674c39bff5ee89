/** The events that the live list shows: the newest, a bounded number of them, and what was passed over between. Pure. */
import type { LogEvent, LogUpdate } from './documents.ts'

export type LiveRow =
  | { readonly kind: 'event'; readonly key: string; readonly event: LogEvent }
  | { readonly kind: 'not shown'; readonly key: string; readonly count: number }

export interface LiveRows {
  /** The newest first. */
  readonly rows: readonly LiveRow[]
  /** How many events have come since the list was opened, those that are not shown among them. */
  readonly count: number
}

export const noRows: LiveRows = { rows: [], count: 0 }

export const mostRows = 200

export function withUpdate({ rows, count }: LiveRows, { snapshot, events, notShown }: LogUpdate): LiveRows {
  const known = new Set(rows.map(({ key }) => key))
  const added = events.map(rowOf)
  if (snapshot)
    return { rows: added, count: count + added.filter(({ key }) => count > 0 && !known.has(key)).length }
  const fresh = added.filter(({ key }) => !known.has(key))
  const passed: LiveRow[] =
    notShown === 0
      ? []
      : [{ kind: 'not shown', key: `before ${fresh.at(-1)?.key ?? count}`, count: notShown }]
  return { rows: [...fresh, ...passed, ...rows].slice(0, mostRows), count: count + fresh.length + notShown }
}

function rowOf(event: LogEvent): LiveRow {
  return { kind: 'event', key: `${event.partition}/${event.position}`, event }
}
