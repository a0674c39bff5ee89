/**
 * A recording cut at its pauses: GPX and TCX say what a pause is by beginning anew behind it.
 */

import type { Recording } from '#recordings/recording.ts'
import type { Position } from '#ride/position.ts'

export function stretchesOf({ entries }: Recording): Position[][] {
  const stretches: Position[][] = [[]]
  for (const entry of entries) {
    if (entry.kind === 'position') stretches.at(-1)!.push(entry.position)
    if (entry.kind === 'pause') stretches.push([])
  }
  return stretches.filter((stretch) => stretch.length > 0)
}
