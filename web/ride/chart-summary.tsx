/** What the charts show, in a sentence each, for those who do not see them. */
import { type Formats, useFormats } from '../rides/use-formats.ts'
import { inLine, measuredWords, quantityOf } from './quantities.ts'
import { measuredIn, type Samples } from './samples.ts'

export function ChartSummary({ samples }: { samples: Samples }) {
  const formats = useFormats()
  return <p className="visually-hidden">{summaryOf(samples, formats)}</p>
}

export function summaryOf(samples: Samples, formats: Formats): string {
  return measuredIn(samples)
    .map((name) => {
      const known = samples[name].filter((value) => value !== null)
      const least = known.reduce((a, b) => Math.min(a, b))
      const most = known.reduce((a, b) => Math.max(a, b))
      const from = quantityOf(name, least, formats)
      return `${measuredWords[name]} from ${from.value} to ${inLine(quantityOf(name, most, formats))}.`
    })
    .join(' ')
}
