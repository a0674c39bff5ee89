/** The whole stack of charts as one slider, by keyboard and for screen readers. */
import type { KeyboardEvent } from 'react'
import { useFormats } from '../rides/use-formats.ts'
import { useCell } from '../state/use-cell.ts'
import { keyPressed } from './chart-keys.ts'
import { type Moments, momentOfSample } from './moments.ts'
import { inLine } from './quantities.ts'
import { ofSample } from './readout.tsx'
import type { Samples } from './samples.ts'

export function ChartSlider({
  samples,
  moments,
  children,
}: {
  samples: Samples
  moments: Moments
  children: React.ReactNode
}) {
  const formats = useFormats()
  const moment = useCell(moments.moment)
  const last = samples.time.length - 1
  const index = moment?.index ?? 0
  const words = ofSample(samples, index, formats).map(({ name, value }) => `${name} ${inLine(value)}`)

  function press(event: KeyboardEvent): void {
    const pressed = keyPressed(event, { index, last, stretch: moments.stretch.get() })
    if (pressed === undefined) return
    event.preventDefault()
    moments.stretch.set(pressed.stretch)
    moments.moment.set(momentOfSample(samples, pressed.index))
  }

  return (
    <div
      className="charts"
      role="slider"
      tabIndex={0}
      aria-label="Charts of the ride. Arrows move along it, with shift they pick a stretch, Escape takes the whole ride."
      aria-valuemin={0}
      aria-valuemax={last}
      aria-valuenow={index}
      aria-valuetext={words.join(', ')}
      onKeyDown={press}
    >
      {children}
    </div>
  )
}
