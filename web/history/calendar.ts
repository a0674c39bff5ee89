/** A year of days, month by month, and how much was ridden on each. */

import { addDays, type Day, later, weekdayOf } from './days.ts'
import type { Total } from './documents.ts'

/** 0: nothing; 4: as much as on the fullest days. */
export type Level = 0 | 1 | 2 | 3 | 4

export interface CalendarDay {
  readonly day: Day
  /** Null where nothing was ridden. */
  readonly total: Total | null
  readonly level: Level
  /** There is nothing to come to on it yet. */
  readonly isToCome: boolean
}

export interface CalendarMonth {
  /** Its first day. */
  readonly begin: Day
  /** Monday first: cells that are left free before its first day. */
  readonly indent: number
  readonly days: readonly CalendarDay[]
}

/** @param totals by day. */
export function monthsOf(year: number, totals: readonly Total[], today: Day): CalendarMonth[] {
  const byDay = new Map(totals.map((total) => [total.from, total]))
  const levelOf = levelsOf(totals.map(({ distance }) => distance))
  return Array.from({ length: 12 }, (_, month) => {
    const begin = `${String(year).padStart(4, '0')}-${String(month + 1).padStart(2, '0')}-01`
    const end = later('MONTH', begin, 1)
    const days: CalendarDay[] = []
    for (let day = begin; day < end; day = addDays(day, 1)) {
      const total = byDay.get(day) ?? null
      days.push({ day, total, level: total === null ? 0 : levelOf(total.distance), isToCome: day > today })
    }
    return { begin, indent: weekdayOf(begin), days }
  })
}

/** Quarters of the days with rides: one long tour does not make all others pale. */
function levelsOf(distances: readonly number[]): (distance: number) => Level {
  const sorted = distances.toSorted((a, b) => a - b)
  const bounds = [0.25, 0.5, 0.75].map((share) => sorted[Math.floor(share * (sorted.length - 1))] ?? 0)
  return (distance) => (1 + bounds.filter((bound) => distance >= bound).length) as Level
}

/** Keys that lead from day to day, as in calendars of others. Null: no such key. */
export function dayByKey(key: string, day: Day): Day | null {
  switch (key) {
    case 'ArrowLeft':
      return addDays(day, -1)
    case 'ArrowRight':
      return addDays(day, 1)
    case 'ArrowUp':
      return addDays(day, -7)
    case 'ArrowDown':
      return addDays(day, 7)
    case 'Home':
      return addDays(day, -weekdayOf(day))
    case 'End':
      return addDays(day, 6 - weekdayOf(day))
    case 'PageUp':
      return sameDayOf(later('MONTH', `${day.slice(0, 7)}-01`, -1), day)
    case 'PageDown':
      return sameDayOf(later('MONTH', `${day.slice(0, 7)}-01`, 1), day)
    default:
      return null
  }
}

/** Of a month that is shorter its last day. */
function sameDayOf(month: Day, day: Day): Day {
  const wanted = addDays(month, Number(day.slice(8)) - 1)
  return wanted.slice(0, 7) === month.slice(0, 7) ? wanted : addDays(later('MONTH', month, 1), -1)
}
