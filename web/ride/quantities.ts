/** What was measured along a ride, in words and units. */
import { formatWhole, type Quantity } from '../rides/format.ts'
import type { Formats } from '../rides/use-formats.ts'
import type { Colouring } from './ride-search.ts'
import type { Measured } from './samples.ts'

export const measuredWords: Readonly<Record<Measured, string>> = {
  altitude: 'Elevation',
  speed: 'Speed',
  heartRate: 'Heart rate',
  power: 'Power',
  cadence: 'Cadence',
}

export const colouringWords: Readonly<Record<Colouring, string>> = {
  plain: 'Plain',
  speed: 'Speed',
  gradient: 'Gradient',
  heartRate: 'Heart rate',
  power: 'Power',
}

export function quantityOf(name: Measured | 'gradient', value: number | null, formats: Formats): Quantity {
  switch (name) {
    case 'altitude':
      return formats.elevation(value)
    case 'speed':
      return formats.speed(value)
    case 'heartRate':
      return formatWhole(value, 'bpm')
    case 'power':
      return formatWhole(value, 'W')
    case 'cadence':
      return formatWhole(value, 'rpm')
    case 'gradient':
      return formatGradient(value)
    default:
      return name satisfies never
  }
}

const oneDecimal = new Intl.NumberFormat('en-GB', {
  minimumFractionDigits: 1,
  maximumFractionDigits: 1,
  signDisplay: 'negative',
})

function formatGradient(gradient: number | null): Quantity {
  return { value: gradient === null ? '–' : oneDecimal.format(gradient * 100).replace('-', '−'), unit: '%' }
}

/** As it is said and written in a line. */
export function inLine({ value, unit }: Quantity): string {
  return unit === '' ? value : `${value} ${unit}`
}
