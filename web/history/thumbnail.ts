/** A ride's route as a small drawing: its lines brought into a box, north up, as wide as they are high. */
import { nearestTurn } from '../map/geodesy.ts'
import { decodePolyline } from '../map/polyline.ts'

export interface Thumbnail {
  /** Of an SVG path. */
  readonly path: string
  readonly start: readonly [x: number, y: number]
}

/** Points closer than that, in pixels, are one to the eye. */
const smallestStep = 0.6

/** @param polylines as the server sends them. Null where there is nothing to draw. */
export function thumbnailOf(
  polylines: readonly string[],
  { width, height, margin }: { width: number; height: number; margin: number },
): Thumbnail | null {
  const lines = polylines.map(decodePolyline).filter((line) => line.length > 0)
  const first = lines[0]?.[0]
  if (first === undefined) return null
  // A degree of longitude is as much shorter as one is away from the equator; a ride is too short to notice that it changes.
  const latitudes = lines.flat().map(([, latitude]) => latitude)
  const squeeze = Math.cos(((least(latitudes) + most(latitudes)) / 2) * (Math.PI / 180))
  const flat = lines.map((line) =>
    line.map(([longitude, latitude]) => [nearestTurn(longitude, first[0]) * squeeze, -latitude] as const),
  )
  const [xs, ys] = [flat.flat().map(([x]) => x), flat.flat().map(([, y]) => y)]
  const [left, top] = [least(xs), least(ys)]
  const [across, down] = [most(xs) - left, most(ys) - top]
  if (across === 0 && down === 0) return null
  const scale = Math.min((width - 2 * margin) / across, (height - 2 * margin) / down)
  const [indent, drop] = [(width - across * scale) / 2, (height - down * scale) / 2]
  const drawn = flat.map((line) =>
    line.map(([x, y]) => [(x - left) * scale + indent, (y - top) * scale + drop] as const),
  )
  const start = drawn[0]?.[0] ?? [0, 0]
  return { path: drawn.map(pathOf).join(''), start: [rounded(start[0]), rounded(start[1])] }
}

function pathOf(line: readonly (readonly [number, number])[]): string {
  let path = ''
  let [lastX, lastY] = [Number.NaN, Number.NaN]
  for (const [index, [x, y]] of line.entries()) {
    const isEnd = index === 0 || index === line.length - 1
    if (!isEnd && Math.hypot(x - lastX, y - lastY) < smallestStep) continue
    path += `${index === 0 ? 'M' : 'L'}${rounded(x)} ${rounded(y)}`
    lastX = x
    lastY = y
  }
  return path
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10
}

/** Of more numbers than can be arguments. */
function least(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY)
}

function most(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
}
