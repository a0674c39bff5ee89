/** Writes the elements of `ride-extension.ts`; the prefix is bound in the document's first element. */

import { measurements } from '#recordings/read/sample.ts'
import { rideNamespace } from '#recordings/ride-extension.ts'
import type { Position } from '#ride/position.ts'
import { type ExportedRide, samplesOf, stretchesOf } from './exported-ride.ts'
import { attributes, instant } from './write-xml.ts'

export const rideNamespaceBinding = ` xmlns:slipstream="${rideNamespace}"`

export function rideElement({ title, track }: ExportedRide, options: { withTitle: boolean }): string {
  const stretches = stretchesOf(track).map(
    ({ from, to }) => `<slipstream:stretch${attributes({ from: instant(from), to: instant(to) })}/>\n`,
  )
  const own = attributes({ samples: samplesOf(track).length, title: options.withTitle ? title : undefined })
  return `<slipstream:ride${own}>\n${stretches.join('')}</slipstream:ride>`
}

/** A sample that the format has no point for. */
export function sampleElement(sample: Position): string {
  return `<slipstream:sample${attributes({ at: instant(sample.at), ...readings(sample) })}/>`
}

/** What of a sample the format has no word for; nothing where it has one for all. */
export function furtherReadings(sample: Position): string {
  const own = attributes(readings(sample))
  return own === '' ? '' : `<slipstream:sample${own}/>`
}

function readings(sample: Position) {
  return Object.fromEntries(measurements.map((name) => [name, sample[name]]))
}
