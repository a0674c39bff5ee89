/**
 * Numbers as a rider reads them. The API speaks SI; here metres become kilometres or miles, and seconds a clock.
 *
 * A quantity is a value and its unit apart, so that the unit can be set smaller and columns of figures align.
 * What is missing or not a number is a dash, never a word of the program's.
 */
export interface Quantity {
  value: string
  unit: string
}

export type Units = 'metric' | 'imperial'

/** The international mile and foot, in metres. */
export const metresPerMile = 1_609.344
export const metresPerFoot = 0.3048

const missing = '–'
const locale = 'en-GB'
const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 })
const oneDecimal = new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 })
const twoDecimals = new Intl.NumberFormat(locale, { minimumFractionDigits: 2, maximumFractionDigits: 2 })

/** @param metres Three significant figures from 1 to 1,000 km or miles. */
export function formatDistance(metres: number | null | undefined, units: Units): Quantity {
  const { unit, length } =
    units === 'metric' ? { unit: 'km', length: 1_000 } : { unit: 'mi', length: metresPerMile }
  if (!isNumber(metres)) return { value: missing, unit }
  const long = Math.max(0, metres) / length
  const format = long < 9.995 ? twoDecimals : long < 999.95 ? oneDecimal : whole
  return { value: format.format(long), unit }
}

/** @param metresPerSecond */
export function formatSpeed(metresPerSecond: number | null | undefined, units: Units): Quantity {
  const unit = units === 'metric' ? 'km/h' : 'mph'
  if (!isNumber(metresPerSecond)) return { value: missing, unit }
  const length = units === 'metric' ? 1_000 : metresPerMile
  return { value: oneDecimal.format((Math.max(0, metresPerSecond) * 3_600) / length), unit }
}

/** @param metres Of elevation, or another short length; may be negative. */
export function formatElevation(metres: number | null | undefined, units: Units): Quantity {
  const unit = units === 'metric' ? 'm' : 'ft'
  if (!isNumber(metres)) return { value: missing, unit }
  // Not -0.
  return { value: whole.format(Math.round(units === 'metric' ? metres : metres / metresPerFoot) + 0), unit }
}

/** @param seconds As h:mm:ss, or m:ss below an hour. */
export function formatDuration(seconds: number | null | undefined): string {
  if (!isNumber(seconds)) return missing
  const total = Math.max(0, Math.round(seconds))
  const hours = Math.floor(total / 3_600)
  const minutes = Math.floor(total / 60) % 60
  const rest = String(total % 60).padStart(2, '0')
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${rest}` : `${minutes}:${rest}`
}

/** Of beats, revolutions, watts and the like. */
export function formatWhole(number: number | null | undefined, unit: string): Quantity {
  return { value: isNumber(number) ? whole.format(Math.round(number) + 0) : missing, unit }
}

/** @param count With `isExact` false it is a lower bound. */
export function formatCount(count: number, isExact: boolean): string {
  return isExact ? whole.format(count) : `${whole.format(count)}+`
}

function isNumber(value: number | null | undefined): value is number {
  return typeof value === 'number' && Number.isFinite(value)
}
