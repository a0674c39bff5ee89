/** What of a period is shown: as a number that a bar is drawn from, and in words. */
import { formatDuration, metresPerFoot } from '../rides/format.ts'
import type { Formats } from '../rides/use-formats.ts'
import { longUnitOf } from './chips.ts'
import type { Total } from './documents.ts'
import type { Measure } from './search.ts'

type Amount = Omit<Total, 'from'>

export const measureWords: Record<Measure, string> = {
  distance: 'Distance',
  time: 'Moving time',
  climbing: 'Climbing',
  rides: 'Rides',
}

/** In the unit that `measureUnit` names. */
export function measured(measure: Measure, amount: Amount, { units }: Formats): number {
  switch (measure) {
    case 'distance':
      return amount.distance / longUnitOf(units).length
    case 'time':
      return amount.movingTime / 3_600
    case 'climbing':
      return units === 'metric' ? amount.elevationGain : amount.elevationGain / metresPerFoot
    case 'rides':
      return amount.rides
  }
}

export function measureUnit(measure: Measure, { units }: Formats): string {
  switch (measure) {
    case 'distance':
      return longUnitOf(units).unit
    case 'time':
      return 'h'
    case 'climbing':
      return units === 'metric' ? 'm' : 'ft'
    case 'rides':
      return ''
  }
}

/** Of rides there is no half. */
export const wholeSteps = [1, 2, 5, 10, 20, 50, 100, 200, 500]

/** `2 rides, 84.2 km, 3:02:11 moving, 940 m up`. */
export function amountInWords(amount: Amount, formats: Formats): string {
  if (amount.rides === 0) return 'no ride'
  const { value, unit } = formats.distance(amount.distance)
  const up = formats.elevation(amount.elevationGain)
  return `${ridesInWords(amount.rides)}, ${value} ${unit}, ${formatDuration(amount.movingTime)} moving, ${up.value} ${up.unit} up`
}

export function ridesInWords(count: number): string {
  return count === 1 ? '1 ride' : `${count} rides`
}
