/** An instant as clients write it. */

/** RFC 3339, section 5.6: date, `T`, time, and an offset. */
const rfc3339 = /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/

/** Milliseconds since 1970; undefined where it is not written as RFC 3339 wants it, or there is no such day or time. */
export function readInstant(text: string): number | undefined {
  const plain = readPlain(text)
  if (plain !== undefined) return plain
  const at = rfc3339.test(text) && hasItsDay(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(at) ? undefined : at
}

/** Whether the month has the day: Date.parse takes 30 February for 1 March. */
function hasItsDay(text: string): boolean {
  const day = Number(text.slice(8, 10))
  return new Date(Date.UTC(Number(text.slice(0, 4)), Number(text.slice(5, 7)) - 1, day)).getUTCDate() === day
}

/**
 * Of one like 2026-05-31T09:30:00Z or 2026-05-31T09:30:00.125Z, as programs write them; undefined for all others. It takes a
 * fifth of the time, and an upload holds up to a thousand.
 */
function readPlain(text: string): number | undefined {
  const hasFraction = text.length === 24
  const isPlain =
    (hasFraction ? text[19] === '.' : text.length === 20) &&
    text.endsWith('Z') &&
    text[4] === '-' &&
    text[7] === '-' &&
    text[10] === 'T' &&
    text[13] === ':' &&
    text[16] === ':'
  if (!isPlain) return undefined
  const year = digits(text, 0, 4)
  const month = digits(text, 5, 2)
  const day = digits(text, 8, 2)
  const hour = digits(text, 11, 2)
  const minute = digits(text, 14, 2)
  const second = digits(text, 17, 2)
  const millisecond = hasFraction ? digits(text, 20, 3) : 0
  // Every month has 28 days; whether it has more is looked up.
  const isSure =
    year >= 0 &&
    month >= 1 &&
    month <= 12 &&
    day >= 1 &&
    day <= 28 &&
    hour >= 0 &&
    hour < 24 &&
    minute >= 0 &&
    minute < 60 &&
    second >= 0 &&
    second < 60 &&
    millisecond >= 0
  if (!isSure) return undefined
  return (((daysUntil(year, month, day) * 24 + hour) * 60 + minute) * 60 + second) * 1000 + millisecond
}

/** NaN, which is in no range, where one of them is no digit. */
function digits(text: string, from: number, count: number): number {
  let number = 0
  for (let index = from; index < from + count; index++) {
    const digit = text.charCodeAt(index) - 48
    if (digit < 0 || digit > 9) return Number.NaN
    number = number * 10 + digit
  }
  return number
}

/**
 * Days since 1970 in the Gregorian calendar. The year is begun in March, so that the day that is not always there is its last;
 * 719,468 are the days from 1 March of the year 0 to 1970.
 */
function daysUntil(year: number, month: number, day: number): number {
  const years = month > 2 ? year : year - 1
  const months = month > 2 ? month - 3 : month + 9
  const leapDays = Math.floor(years / 4) - Math.floor(years / 100) + Math.floor(years / 400)
  return years * 365 + leapDays + Math.floor((153 * months + 2) / 5) + day - 1 - 719_468
}
