/**
 * Keeps the trail of a long ride within bounds: a page that is open all day must not grow. What is newest stays as it was sent;
 * behind it places that lie close together become fewer, the closer the older they are, and what was ridden keeps its shape as
 * far as a map of the whole ride shows it.
 */
import { metresBetween } from '../map/geodesy.ts'
import type { LonLat, Track } from './track.ts'

/** The marker glides over these. */
const keptWhole = 240
const firstSpacingMetres = 10

/** Thins the track's lines, where they have more than `most` points, to less than three quarters of that. */
export function thinTrack(track: Pick<Track, 'lines'>, most: number): void {
  let count = countOf(track.lines)
  if (count <= most) return
  for (let spacing = firstSpacingMetres; count > most * 0.75 && spacing < 1e6; spacing *= 2) {
    const last = track.lines.length - 1
    track.lines = track.lines.map((line, index) => thinned(line, spacing, index === last ? keptWhole : 0))
    // A day of pauses: each of its stretches keeps its ends.
    if (spacing > 1_000) track.lines = track.lines.filter((line, index) => line.length > 2 || index === last)
    count = countOf(track.lines)
  }
}

function thinned(line: readonly LonLat[], spacing: number, whole: number): LonLat[] {
  const wholeFrom = Math.max(0, line.length - Math.max(1, whole))
  const kept: LonLat[] = []
  let before: LonLat | undefined
  for (const [index, place] of line.entries()) {
    if (index < wholeFrom && before !== undefined && metresBetween(before, place) < spacing) continue
    kept.push(place)
    before = place
  }
  return kept
}

function countOf(lines: readonly (readonly LonLat[])[]): number {
  return lines.reduce((sum, line) => sum + line.length, 0)
}
