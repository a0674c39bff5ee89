/** How well the phone knows where it is, in a word and a figure. */
import { poorestMetres } from './distance.ts'

export type Accuracy = 'good' | 'fair' | 'poor' | 'unusable'

const metresPerFoot = 0.3048

export function judgeAccuracy(metres: number): Accuracy {
  if (metres <= 10) return 'good'
  if (metres <= 25) return 'fair'
  return metres <= poorestMetres ? 'poor' : 'unusable'
}

const words: Record<Accuracy, string> = {
  good: 'Good',
  fair: 'Fair',
  poor: 'Poor',
  unusable: 'Too poor',
}

/** `Good, ± 5 m` */
export function accuracyInWords(metres: number, units: 'metric' | 'imperial'): string {
  return `${words[judgeAccuracy(metres)]}, ± ${figureOf(metres, units)}`
}

/** What to do about it; null where nothing is to be done. */
export function accuracyAdvice(metres: number): string | null {
  const accuracy = judgeAccuracy(metres)
  if (accuracy === 'unusable')
    return 'Positions as inaccurate as this are left out of the route. Go where you see the open sky.'
  return accuracy === 'poor' ? 'Positions are less accurate under trees and between buildings.' : null
}

function figureOf(metres: number, units: 'metric' | 'imperial'): string {
  const isFeet = units === 'imperial'
  const figure = Math.max(1, Math.round(isFeet ? metres / metresPerFoot : metres))
  const isFar = figure >= 10_000
  const [perFar, far] = isFeet ? ([5_280, 'mi'] as const) : ([1_000, 'km'] as const)
  return isFar ? `${Math.round(figure / perFar)} ${far}` : `${figure} ${isFeet ? 'ft' : 'm'}`
}
