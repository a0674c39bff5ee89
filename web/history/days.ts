/**
 * Days of the calendar and what they are added up by, as the server counts them: `2026-05-31`, weeks from Monday (ISO 8601).
 * Days have no clock, so nothing here knows of time zones but `dayIn`.
 */
import { formatter } from '../rides/start.ts'

/** YYYY-MM-DD. */
export type Day = string
export type Period = 'DAY' | 'WEEK' | 'MONTH' | 'YEAR'

export interface Span {
  readonly from: Day
  /** Inclusive. */
  readonly to: Day
}

const dayMs = 86_400_000

export function isDay(text: unknown): text is Day {
  return typeof text === 'string' && /^[1-9]\d{3}-\d{2}-\d{2}$/.test(text) && dayOf(instantOf(text)) === text
}

/** The day that an instant is of, by the clock of an IANA zone. */
export function dayIn(timeZone: string, at: Date): Day {
  const parts = formatter(timeZone, { year: 'numeric', month: '2-digit', day: '2-digit' }).formatToParts(at)
  const part = (name: string) => parts.find(({ type }) => type === name)?.value ?? ''
  return `${part('year').padStart(4, '0')}-${part('month')}-${part('day')}`
}

export function addDays(day: Day, count: number): Day {
  return dayOf(instantOf(day) + count * dayMs)
}

/** 0 is Monday. */
export function weekdayOf(day: Day): number {
  return (new Date(instantOf(day)).getUTCDay() + 6) % 7
}

/** The first day of the period that a day lies in. */
export function beginOf(period: Period, day: Day): Day {
  switch (period) {
    case 'DAY':
      return day
    case 'WEEK':
      return addDays(day, -weekdayOf(day))
    case 'MONTH':
      return `${day.slice(0, 7)}-01`
    case 'YEAR':
      return `${day.slice(0, 4)}-01-01`
  }
}

/** So many periods on from the one that begins on `begin`. */
export function later(period: Period, begin: Day, count: number): Day {
  const [year = 0, month = 1] = begin.split('-').map(Number)
  switch (period) {
    case 'DAY':
      return addDays(begin, count)
    case 'WEEK':
      return addDays(begin, 7 * count)
    case 'MONTH':
      return dayOf(Date.UTC(year, month - 1 + count, 1))
    case 'YEAR':
      return dayOf(Date.UTC(year + count, 0, 1))
  }
}

/** All of the period that a day lies in. */
export function spanOf(period: Period, day: Day): Span {
  const from = beginOf(period, day)
  return { from, to: addDays(later(period, from, 1), -1) }
}

/** By which a list is narrowed with one press. */
export function presetsOf(today: Day): readonly { readonly words: string; readonly span: Span }[] {
  return [
    { words: 'This week', span: spanOf('WEEK', today) },
    { words: 'This month', span: spanOf('MONTH', today) },
    { words: 'This year', span: spanOf('YEAR', today) },
  ]
}

/** `Sun 31 May 2026`; in full `Sunday 31 May 2026`. */
export function dayInWords(day: Day, length: 'short' | 'long' = 'short'): string {
  return inWords(day, {
    weekday: length,
    day: 'numeric',
    month: length === 'short' ? 'short' : 'long',
    year: 'numeric',
  })
}

/** `May 2026`, `2026`, `12 May 2026`, `1 – 7 Jun 2026`: the shortest that names a span. */
export function spanInWords({ from, to }: Span): string {
  if (from === to) return inWords(from, { day: 'numeric', month: 'short', year: 'numeric' })
  if (isWhole('YEAR', { from, to })) return from.slice(0, 4)
  if (isWhole('MONTH', { from, to })) return inWords(from, { month: 'long', year: 'numeric' })
  const isOf = (period: Period) => beginOf(period, from) === from && spanOf(period, to).to === to
  if (isOf('YEAR')) return `${from.slice(0, 4)} – ${to.slice(0, 4)}`
  if (isOf('MONTH')) {
    const end = inWords(to, { month: 'short', year: 'numeric' })
    const isOneYear = from.slice(0, 4) === to.slice(0, 4)
    return `${inWords(from, { month: 'short', ...(isOneYear ? {} : { year: 'numeric' }) })} – ${end}`
  }
  const end = inWords(to, { day: 'numeric', month: 'short', year: 'numeric' })
  const isSameYear = from.slice(0, 4) === to.slice(0, 4)
  const isSameMonth = isSameYear && from.slice(0, 7) === to.slice(0, 7)
  const begin = inWords(from, {
    day: 'numeric',
    ...(isSameMonth ? {} : { month: 'short' }),
    ...(isSameYear ? {} : { year: 'numeric' }),
  })
  return `${begin} – ${end}`
}

function isWhole(period: Period, { from, to }: Span): boolean {
  const whole = spanOf(period, from)
  return whole.from === from && whole.to === to
}

export function inWords(day: Day, fields: Intl.DateTimeFormatOptions): string {
  return formatter('UTC', fields).format(instantOf(day)).replace(',', '')
}

function instantOf(day: Day): number {
  return Date.parse(`${day}T00:00:00Z`)
}

function dayOf(instant: number): Day {
  return Number.isNaN(instant) ? '' : new Date(instant).toISOString().slice(0, 10)
}
