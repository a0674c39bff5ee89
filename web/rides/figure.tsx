/** A quantity with its unit set smaller. */
import type { Quantity } from './format.ts'

export function Figure({ value, unit }: Quantity) {
  return (
    <span className="figure">
      {value}
      <span className="unit"> {unit}</span>
    </span>
  )
}
