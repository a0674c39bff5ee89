/** How large a circle is. */
import { useId } from 'react'
import { radiusInWords } from './zone-words.ts'

const largest = 5_000

export function RadiusField({
  radius,
  smallest,
  change,
}: {
  /** Metres. */
  radius: number
  smallest: number
  change: (radius: number) => void
}) {
  const id = useId()
  return (
    <div className="field">
      <label htmlFor={id} className="radius-label">
        Radius <output htmlFor={id}>{radiusInWords(radius)}</output>
      </label>
      <input
        id={id}
        type="range"
        min={smallest}
        max={largest}
        step={100}
        value={radius}
        aria-valuetext={radiusInWords(radius)}
        onChange={({ target }) => change(target.valueAsNumber)}
      />
    </div>
  )
}
