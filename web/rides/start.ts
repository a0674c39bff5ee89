/**
 * When a ride began, as its rider saw it: by the clock where it was ridden.
 * Where that clock shows something else than the viewer's own, the zone is
 * said, and the day by its date: `today` would be the one's or the other's.
 */

/** Who reads it. */
export interface Viewer {
  now: Date
  /** IANA name. */
  timeZone: string
}

/** Of this browser, at this moment. */
export function thisViewer(): Viewer {
  return { now: new Date(), timeZone: new Intl.DateTimeFormat().resolvedOptions().timeZone }
}

/**
 * `Sat 21 Nov, 22:29`, of another year with it, of another zone with its short name: `Sat 21 Nov, 22:29 CET`.
 *
 * @param rideZone IANA name of the ride's time zone; null where there is none: then the viewer's.
 */
export function formatStart(instant: string, rideZone: string | null, viewer: Viewer): string {
  const read = reading(instant, rideZone, viewer)
  if (read === null) return missing
  return formatter(read.zone, {
    ...(read.isThisYear ? {} : { year: 'numeric' }),
    weekday: 'short',
    ...dayAndClock,
    ...(read.isElsewhere ? { timeZoneName: 'short' } : {}),
  }).format(read.date)
}

/**
 * The same, short, for a list: `Today 07:42`, `Yesterday 22:39`, `18 Nov 20:35`, `18 Nov 2025 20:35`,
 * `18 Nov 20:35 CET`.
 */
export function formatStartBriefly(instant: string, rideZone: string | null, viewer: Viewer): string {
  const read = reading(instant, rideZone, viewer)
  if (read === null) return missing
  const { date, zone, isElsewhere } = read
  const time = formatter(zone, { ...clock, ...(isElsewhere ? { timeZoneName: 'short' } : {}) }).format(date)
  return `${dayOf(read, viewer.now)} ${time}`
}

const missing = '–'
const clock = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const
const dayAndMonth = { day: 'numeric', month: 'short' } as const
const dayAndClock = { ...dayAndMonth, ...clock }

interface Reading {
  date: Date
  zone: string
  /** The ride's clock and the viewer's showed something else when it began. */
  isElsewhere: boolean
  isThisYear: boolean
}

function reading(instant: string, rideZone: string | null, viewer: Viewer): Reading | null {
  const date = new Date(instant)
  if (Number.isNaN(date.getTime())) return null
  const zone = rideZone !== null && isKnown(rideZone) ? rideZone : viewer.timeZone
  const shows = (place: string) => formatter(place, dayAndClock).format(date)
  const year = (of: Date) => formatter(zone, { year: 'numeric' }).format(of)
  return {
    date,
    zone,
    isElsewhere: shows(zone) !== shows(viewer.timeZone),
    isThisYear: year(date) === year(viewer.now),
  }
}

function dayOf({ date, zone, isElsewhere, isThisYear }: Reading, now: Date): string {
  const day = (of: Date) => formatter(zone, { ...dayAndMonth, year: 'numeric' }).format(of)
  if (!isElsewhere && day(date) === day(now)) return 'Today'
  if (!isElsewhere && day(date) === day(dayBefore(now))) return 'Yesterday'
  return isThisYear ? formatter(zone, dayAndMonth).format(date) : day(date)
}

function dayBefore(now: Date): Date {
  const before = new Date(now)
  before.setDate(now.getDate() - 1)
  return before
}

export type DateFormatter = Pick<Intl.DateTimeFormat, 'format' | 'formatToParts'>

const formatters = new Map<string, DateFormatter>()

/**
 * Of these fields by the clock of that zone. Making one takes a thousand times as long as using it, and a
 * list uses a few of them in each row: each is made once. A short month has three letters, also the one of which English makes `Sept`.
 */
export function formatter(timeZone: string, fields: Intl.DateTimeFormatOptions): DateFormatter {
  const key = JSON.stringify([timeZone, fields])
  let made = formatters.get(key)
  if (made === undefined) {
    const english = new Intl.DateTimeFormat('en-GB', { ...fields, timeZone })
    made = {
      format: (date) => english.format(date).replace(/\bSept\b/, 'Sep'),
      formatToParts: (date) => english.formatToParts(date),
    }
    formatters.set(key, made)
  }
  return made
}

/** A zone may be newer than the browser's own table of them. */
function isKnown(timeZone: string): boolean {
  try {
    formatter(timeZone, clock)
    return true
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}
