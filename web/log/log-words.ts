/** Numbers and times as administrators read them. Pure. */
import { formatter, thisViewer } from '../rides/start.ts'

const locale = 'en-GB'
const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 })
const oneDecimal = new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 })

export function wholeNumber(number: number): string {
  return whole.format(number)
}

export function countOf(count: number, what: string): string {
  return `${whole.format(count)} ${what}${count === 1 ? '' : 's'}`
}

export function bytesOf(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`
  return bytes < 1_000_000
    ? `${oneDecimal.format(bytes / 1_000)} kB`
    : `${oneDecimal.format(bytes / 1_000_000)} MB`
}

/** Two units at most: 850 ms, 12 s, 3 min 5 s, 2 h 10 min, 4 d 3 h. */
export function spanOf(milliseconds: number): string {
  const span = Math.abs(milliseconds)
  if (span < 1_000) return `${Math.round(span)} ms`
  const seconds = Math.round(span / 1_000)
  const [days, hours, minutes] = [
    Math.floor(seconds / 86_400),
    Math.floor(seconds / 3_600) % 24,
    Math.floor(seconds / 60) % 60,
  ]
  if (days > 0) return hours > 0 ? `${days} d ${hours} h` : `${days} d`
  if (hours > 0) return minutes > 0 ? `${hours} h ${minutes} min` : `${hours} h`
  if (minutes > 0) return seconds % 60 > 0 ? `${minutes} min ${seconds % 60} s` : `${minutes} min`
  return `${seconds} s`
}

export function percentOf(share: number): string {
  // Not whole before it is.
  return `${share >= 1 ? 100 : Math.min(99, Math.floor(share * 100))} %`
}

const { timeZone } = thisViewer()

/** In which all times of the log are told, as people write it: `Europe/Zurich`, `America/New York`. */
export const zone = timeZone.replaceAll('_', ' ')

const clock = formatter(timeZone, { timeStyle: 'medium' })
const dayAndClock = formatter(timeZone, { dateStyle: 'medium', timeStyle: 'medium' })

/** Of today the time of day; else with its day. */
export function timeOf(instant: string, now: number): string {
  const at = new Date(instant)
  return at.toDateString() === new Date(now).toDateString() ? clock.format(at) : dayAndClock.format(at)
}

export function fullTimeOf(instant: string): string {
  return dayAndClock.format(new Date(instant))
}

/** What it is told apart by; the whole is copied. */
export function shortNameOf(name: string): string {
  return name.length <= 9 ? name : `${name.slice(0, 8)}…`
}
