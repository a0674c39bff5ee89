/**
 * The route's lines, with how far along the ride each of their points is. The lines are drawn finer than the samples of the charts
 * are: what is shown of a ride on the map (colours, a stretch, marks) is cut from them by distance.
 *
 * Pure.
 */
import { metresBetween } from '../map/geodesy.ts'
import type { Place } from '../map/glide.ts'
import { firstFrom, type Samples } from './samples.ts'

export interface Way {
  readonly lines: readonly (readonly Place[])[]
  /** Metres ridden until each point of `lines`: never less than at the point before. */
  readonly distances: readonly (readonly number[])[]
}

type Placed = Pick<Samples, 'distance' | 'latitude' | 'longitude'>

/** A point further from where the last one was known than by this, beyond the way to it, is another passing of the same place. */
const slack = 100

/**
 * Many points of the lines are samples, to the decimal: these say how far they are. Between two such the way is shared out by
 * length; from one line to the next nothing is ridden.
 */
export function wayAlong(lines: readonly (readonly Place[])[], samples: Placed): Way {
  const bySpot = samplesBySpot(samples)
  const total = samples.distance.at(-1) ?? 0
  const legs = lines.flatMap((line) =>
    line.map((place, index) => {
      const before = line[index - 1]
      return before === undefined ? 0 : metresBetween(before, place)
    }),
  )
  const places = lines.flat()
  const flat = new Array<number>(places.length).fill(0)
  let known = -1
  let distance = 0
  let since = 0
  for (const [index, place] of places.entries()) {
    since += legs[index] ?? 0
    const there = knownAt(place, distance, since)
    if (there === undefined) continue
    share(known, index, distance, there)
    known = index
    distance = there
    since = 0
  }
  share(known, places.length, distance, total)
  let next = 0
  return { lines, distances: lines.map((line) => line.map(() => flat[next++] ?? 0)) }

  function knownAt(place: Place, from: number, length: number): number | undefined {
    const most = from + 1.5 * length + slack
    return bySpot.get(spotOf(place))?.find((each) => each >= from && each <= most)
  }

  /** Between two points that are known, by length; behind the last one as far as the lines go. */
  function share(from: number, to: number, begin: number, end: number): void {
    let length = 0
    for (let index = from + 1; index <= to; index++) length += legs[index] ?? 0
    let passed = 0
    for (let index = from + 1; index < to; index++) {
      passed += legs[index] ?? 0
      flat[index] = length === 0 ? begin : begin + Math.min(1, passed / length) * (end - begin)
    }
    if (to < flat.length) flat[to] = end
  }
}

function spotOf([longitude, latitude]: Place): string {
  return `${latitude.toFixed(6)} ${longitude.toFixed(6)}`
}

/** Distances at which the rider was at a spot, ascending. */
function samplesBySpot({ distance, latitude, longitude }: Placed): ReadonlyMap<string, number[]> {
  const spots = new Map<string, number[]>()
  for (const [index, metres] of distance.entries()) {
    const [north, east] = [latitude[index], longitude[index]]
    if (north == null || east == null) continue
    const spot = spotOf([east, north])
    const there = spots.get(spot)
    if (there === undefined) spots.set(spot, [metres])
    else there.push(metres)
  }
  return spots
}

/** The lines from one distance to another. */
export function linesBetween({ lines, distances }: Way, from: number, to: number): Place[][] {
  return lines.flatMap((line, index): Place[][] => {
    const along = distances[index] ?? []
    const [begin, end] = [along[0], along.at(-1)]
    if (begin === undefined || end === undefined || end < from || begin > to) return []
    const inside = line.slice(firstFrom(along, from), lastUpTo(along, to) + 1)
    const first = begin < from ? [placeOnLine(line, along, from)] : []
    const last = end > to ? [placeOnLine(line, along, to)] : []
    const part = [...first, ...inside, ...last]
    return part.length < 2 ? [] : [part]
  })
}

/** Null where there are no lines. */
export function placeOn({ lines, distances }: Way, distance: number): Place | null {
  for (const [index, line] of lines.entries()) {
    const along = distances[index] ?? []
    if (line.length > 0 && (along.at(-1) ?? 0) >= distance) return placeOnLine(line, along, distance)
  }
  return lines.at(-1)?.at(-1) ?? null
}

export interface MarkOnWay {
  readonly place: Place
  readonly label: string
}

/** One at each whole unit of length in metres: 1, 2, 3 … */
export function marksAlong(way: Way, unit: number): MarkOnWay[] {
  const total = way.distances.at(-1)?.at(-1) ?? 0
  return Array.from({ length: Math.floor(total / unit) }, (_, index) => index + 1).flatMap((count) => {
    const place = placeOn(way, count * unit)
    return place === null ? [] : [{ place, label: String(count) }]
  })
}

function lastUpTo(ascending: readonly number[], value: number): number {
  let index = firstFrom(ascending, value)
  while (ascending[index] === value) index++
  return index - 1
}

function placeOnLine(line: readonly Place[], along: readonly number[], distance: number): Place {
  const next = firstFrom(along, distance)
  const [before, after] = [line[next - 1], line[next]]
  if (before === undefined || after === undefined) return before ?? after ?? [0, 0]
  const [from, to] = [along[next - 1] ?? 0, along[next] ?? 0]
  const share = to === from ? 1 : (distance - from) / (to - from)
  return [before[0] + share * (after[0] - before[0]), before[1] + share * (after[1] - before[1])]
}
