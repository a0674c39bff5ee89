/** The time of day where a ride begins. */
import timeZoneOfPlace from '@photostructure/tz-lookup'
import type { Place } from './track/geodesy.ts'

/** IANA name of the time zone at a place; at sea by its longitude (Etc/GMT…). */
export function timeZoneAt({ latitude, longitude }: Place): string {
  return timeZoneOfPlace(latitude, longitude)
}

/**
 * What a ride without a title is called: by the hour at which
 * it began where it began; plainly where that is unknown.
 */
export function defaultTitle(startedAt: number, timeZone: string | null): string {
  const hour = timeZone === null ? undefined : hourAt(startedAt, timeZone)
  if (hour === undefined) return 'Ride'
  return `${dayPart(hour)} ride`
}

function dayPart(hour: number): string {
  if (hour < 5 || hour >= 22) return 'Night'
  if (hour < 11) return 'Morning'
  if (hour < 14) return 'Midday'
  return hour < 18 ? 'Afternoon' : 'Evening'
}

/** The day, as YYYY-MM-DD; in UTC where the zone is not known. */
export function dayAt(at: number, timeZone: string | null): string {
  const { year, month, day } = formattedAt(at, timeZone) ?? formattedAt(at, 'UTC')!
  return `${year?.padStart(4, '0')}-${month}-${day}`
}

/** Making a formatter takes a thousand times as long as using it. */
const formatters = new Map<string, Intl.DateTimeFormat>()

function hourAt(at: number, timeZone: string): number | undefined {
  const { hour } = formattedAt(at, timeZone) ?? {}
  return hour === undefined ? undefined : Number(hour)
}

const parts = {
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: 'numeric',
  hourCycle: 'h23',
} as const
type Part = 'year' | 'month' | 'day' | 'hour'

function formattedAt(at: number, timeZone: string | null): Partial<Record<Part, string>> | undefined {
  if (timeZone === null) return undefined
  try {
    let formatter = formatters.get(timeZone)
    if (formatter === undefined) {
      formatter = new Intl.DateTimeFormat('en', {
        timeZone,
        calendar: 'iso8601',
        numberingSystem: 'latn',
        ...parts,
      })
      formatters.set(timeZone, formatter)
    }
    return Object.fromEntries(formatter.formatToParts(at).map(({ type, value }) => [type, value]))
  } catch (error) {
    // A zone that is newer than the runtime's own table of them.
    if (error instanceof RangeError) return undefined
    throw error
  }
}
