/** How large a circle is. */
import { useId } from 'react'
import { useFormats } from '../../rides/use-formats.ts'
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
  const { units } = useFormats()
  const words = radiusInWords(radius, units)
  return (
    <div className="field">
      <label htmlFor={id} className="radius-label">
        Radius <output htmlFor={id}>{words}</output>
      </label>
      <input
        id={id}
        type="range"
        min={smallest}
        max={largest}
        step={100}
        value={radius}
        aria-valuetext={words}
        onChange={({ target }) => change(target.valueAsNumber)}
      />
    </div>
  )
}
