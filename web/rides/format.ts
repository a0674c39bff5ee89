/**
 * Numbers as a rider reads them. The API speaks SI; here metres become kilometres and seconds a clock.
 *
 * A quantity is a value and its unit apart, so that the unit can be set smaller and columns of figures align.
 * What is missing or not a number is a dash, never a word of the program's.
 */
export interface Quantity {
  value: string
  unit: string
}

const missing = '–'
const locale = 'en-GB'
const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 })
const oneDecimal = new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 })
const twoDecimals = new Intl.NumberFormat(locale, { minimumFractionDigits: 2, maximumFractionDigits: 2 })

/** @param metres Three significant figures from 1 to 1,000 km. */
export function formatDistance(metres: number | null | undefined): Quantity {
  if (!isNumber(metres)) return { value: missing, unit: 'km' }
  const kilometres = Math.max(0, metres) / 1_000
  const format = kilometres < 9.995 ? twoDecimals : kilometres < 999.95 ? oneDecimal : whole
  return { value: format.format(kilometres), unit: 'km' }
}

/** @param metresPerSecond */
export function formatSpeed(metresPerSecond: number | null | undefined): Quantity {
  if (!isNumber(metresPerSecond)) return { value: missing, unit: 'km/h' }
  return { value: oneDecimal.format(Math.max(0, metresPerSecond) * 3.6), unit: 'km/h' }
}

/** @param metres Of elevation; may be negative. */
export function formatElevation(metres: number | null | undefined): Quantity {
  if (!isNumber(metres)) return { value: missing, unit: 'm' }
  // Not -0.
  return { value: whole.format(Math.round(metres) + 0), unit: 'm' }
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

/** @param count With `isExact` false it is a lower bound. */
export function formatCount(count: number, isExact: boolean): string {
  return isExact ? whole.format(count) : `${whole.format(count)}+`
}

function isNumber(value: number | null | undefined): value is number {
  return typeof value === 'number' && Number.isFinite(value)
}
