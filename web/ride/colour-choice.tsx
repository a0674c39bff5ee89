/** What the route's colours mean: chosen, and told by a legend. */
import { useNavigate } from '@tanstack/react-router'
import { useId } from 'react'
import { useFormats } from '../rides/use-formats.ts'
import type { Painting } from './coloured-route.ts'
import { colouringWords, inLine, quantityOf } from './quantities.ts'
import { type Colouring, colourings, usualColouring } from './ride-search.ts'

export function ColourChoice({
  chosen,
  offered,
  painting,
}: {
  chosen: Colouring
  offered: readonly Colouring[]
  painting: Painting | null
}) {
  const navigate = useNavigate({ from: '/rides/$rideId' })
  const id = useId()
  function choose(value: string): void {
    const colour = colourings.find((each) => each === value)
    if (colour === undefined) return
    void navigate({
      search: ({ colour: _, ...rest }) => (colour === usualColouring ? rest : { ...rest, colour }),
      replace: true,
    })
  }
  return (
    <div className="colour-choice">
      <label htmlFor={id}>Route by</label>
      <select id={id} value={chosen} onChange={({ target }) => choose(target.value)}>
        {offered.map((each) => (
          <option key={each} value={each}>
            {colouringWords[each]}
          </option>
        ))}
      </select>
      {painting !== null && chosen !== 'plain' && <Legend by={chosen} painting={painting} />}
    </div>
  )
}

function Legend({ by, painting }: { by: Exclude<Colouring, 'plain'>; painting: Painting }) {
  const formats = useFormats()
  const { low, high } = painting.scale
  const [least, most] = [quantityOf(by, low, formats), quantityOf(by, high, formats)]
  return (
    <div className="legend" role="img" aria-label={`The colours go from ${inLine(least)} to ${inLine(most)}`}>
      <span>{least.value}</span>
      <span className="legend-ramp" />
      <span>{inLine(most)}</span>
    </div>
  )
}
