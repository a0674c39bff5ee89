/** Numbers in the units that the viewer has chosen; a component renders again when he chooses others. */
import { useMemo } from 'react'
import { useApp } from '../app/app.ts'
import { useCell } from '../state/use-cell.ts'
import { formatDistance, formatElevation, formatSpeed, type Quantity, type Units } from './format.ts'

type Measured = number | null | undefined

export interface Formats {
  readonly units: Units
  /** Of metres: kilometres or miles. */
  distance(metres: Measured): Quantity
  /** Of metres per second. */
  speed(metresPerSecond: Measured): Quantity
  /** Of metres: metres or feet. */
  elevation(metres: Measured): Quantity
}

export function useFormats(): Formats {
  const units = useCell(useApp().units.choice)
  return useMemo(
    () => ({
      units,
      distance: (metres) => formatDistance(metres, units),
      speed: (metresPerSecond) => formatSpeed(metresPerSecond, units),
      elevation: (metres) => formatElevation(metres, units),
    }),
    [units],
  )
}
