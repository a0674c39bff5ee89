/**
 * What neither GPX nor TCX can say of a ride, said in elements of a namespace of our own, so that a ride which is written
 * and read again is the same. Other programs pass over them: they stand where both formats let anybody extend them.
 *
 * - `<ride samples="…" title="…">`, in the extensions of GPX's track and TCX's lap, holds a `<stretch from="…" to="…"/>`
 *   for each time that the timer ran, in ISO 8601: a pause may end long before the next sample, and a ride long after the
 *   last. `samples` is how many the file holds: where that no longer holds the file was edited since, and the element is
 *   passed over. `title` is only in TCX, which has no place for a name.
 * - `<sample …/>`, in the extensions of a point, holds as attributes what the format has no word for, named as in
 *   `Position` and in its units (`accuracy`, `battery` …). In the extensions of a GPX segment, with `at`, it is a whole
 *   sample without a fix, which GPX has no point for.
 */

import type { Position } from '#ride/position.ts'
import { measurements, type Readings } from './read/sample.ts'
import { childrenNamed, type Element, instantOf, numberOf } from './read/xml.ts'
import { type RecordingEntry, timeOf } from './recording.ts'
import type { Stretch } from './write/exported-ride.ts'

export const rideNamespace = 'urn:slipstream:ride:1'

export interface StatedRide {
  readonly title: string | undefined
  readonly startedAt: number
  readonly endedAt: number
  /** The file's samples with the pauses and resumes between the stretches. */
  readonly entries: readonly RecordingEntry[]
}

type Sample = Extract<RecordingEntry, { kind: 'position' }>

/**
 * What the element `<ride>` below these extensions says of the samples, which are read as those of a file of our own;
 * undefined where there is none that fits them.
 */
export function statedRide(
  extensions: Element | undefined,
  ownSamples: () => readonly Sample[],
): StatedRide | undefined {
  const [ride] = ownChildren(extensions, 'ride')
  if (ride === undefined) return undefined
  const samples = ownSamples()
  if (numberOf(ride.getAttribute('samples')) !== samples.length) return undefined
  const stretches = ownChildren(ride, 'stretch').flatMap(stretchOf)
  const [first, last] = [stretches[0], stretches.at(-1)]
  if (first === undefined || last === undefined) return undefined
  const inOrder = samples.toSorted((a, b) => timeOf(a) - timeOf(b))
  const isOfThese = inOrder.every(({ position: { at } }) => at >= first.from && at <= last.to)
  if (!isOfThese) return undefined
  return {
    title: ride.getAttribute('title') || undefined,
    startedAt: first.from,
    endedAt: last.to,
    entries: entriesOf(stretches, inOrder),
  }
}

/** Samples without a fix, in the extensions of a GPX segment. */
export function statedSamples(
  extensions: Element | undefined,
  read: (at: number, readings: Readings) => Position,
): Sample[] {
  return ownChildren(extensions, 'sample').flatMap((sample) => {
    const at = instantOf(sample.getAttribute('at') ?? undefined)
    return at === undefined ? [] : [{ kind: 'position', position: read(at, readingsIn(sample)) }]
  })
}

/** What the extensions of a point hold beside what the format has a word for. */
export function statedReadings(extensions: Element | undefined): Readings {
  const [sample] = ownChildren(extensions, 'sample')
  return sample === undefined ? {} : readingsIn(sample)
}

/** A place may not stand in a `<sample>`, for the formats have one. */
function readingsIn(sample: Element): Readings {
  return Object.fromEntries(
    measurements.flatMap((name) => {
      const value = numberOf(sample.getAttribute(name))
      return value === undefined ? [] : [[name, value]]
    }),
  )
}

function stretchOf(element: Element): Stretch[] {
  const from = instantOf(element.getAttribute('from') ?? undefined)
  const to = instantOf(element.getAttribute('to') ?? undefined)
  return from === undefined || to === undefined || to < from ? [] : [{ from, to }]
}

/** A sample at the instant of a pause comes before it, as it does in a track. */
function entriesOf(stretches: readonly Stretch[], inOrder: readonly Sample[]): RecordingEntry[] {
  const entries: RecordingEntry[] = []
  let next = 0
  for (const [index, { from, to }] of stretches.entries()) {
    if (index > 0) entries.push({ kind: 'resume', at: from })
    while (next < inOrder.length && timeOf(inOrder[next]!) <= to) entries.push(inOrder[next++]!)
    entries.push({ kind: 'pause', at: to })
  }
  return entries
}

function ownChildren(parent: Element | undefined, name: string): Element[] {
  return parent === undefined ? [] : childrenNamed(parent, name)
}
