/**
 * A finished route as the map draws it: a casing in one piece, upon it the line in the colours of its legs, and dashes where
 * nothing was ridden between two stretches.
 *
 * Pure.
 */
import type { DrawnLine } from './engine.ts'
import type { Place } from './glide.ts'

export interface ShownRoute {
  /** One a stretch between pauses; the gaps between them are drawn dashed. */
  lines: readonly (readonly Place[])[]
  /** CSS colours: `colours[i][j]` is that of the leg from `lines[i][j]` to `lines[i][j + 1]`; else the palette's colour for routes. */
  colours?: readonly (readonly string[])[]
  /** Kilometres along the way, in their order. They are thinned so that none lies on another. */
  marks?: readonly Mark[]
}

export interface Mark {
  place: Place
  label: string
}

/** Consecutive legs of one colour are one line: a route of thousands of legs is some hundred of them. */
export function colouredLines({ lines, colours }: ShownRoute): DrawnLine[] {
  return lines.flatMap((places, index) => {
    const ofLegs = colours?.[index]
    return ofLegs === undefined ? [{ places }] : runs(places, ofLegs)
  })
}

export function gapLines(lines: ShownRoute['lines']): DrawnLine[] {
  const ridden = lines.filter((line) => line.length > 0)
  return ridden.slice(1).flatMap((line, index): DrawnLine[] => {
    const [from, to] = [ridden[index]?.at(-1), line[0]]
    return from === undefined || to === undefined ? [] : [{ places: [from, to] }]
  })
}

function runs(places: readonly Place[], colours: readonly string[]): DrawnLine[] {
  const drawn: DrawnLine[] = []
  let start = 0
  for (let leg = 1; leg < places.length; leg++) {
    const isLast = leg === places.length - 1
    if (!isLast && colours[leg] === colours[start]) continue
    const colour = colours[start]
    const run = places.slice(start, leg + 1)
    drawn.push(colour === undefined ? { places: run } : { places: run, colour })
    start = leg
  }
  return drawn
}
