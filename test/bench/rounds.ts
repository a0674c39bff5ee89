/** Turns of both sides, one after the other, round by round: what the machine does meanwhile is the same for both. */
import { quantile } from './quantile.ts'

/** By name, such as `writes.project.perSecond`. */
export type Figures = Readonly<Record<string, number>>

export interface Turn {
  readonly name: string
  take(round: number): Promise<Figures>
}

/** The median of each figure over all rounds. */
export async function inTurn(
  rounds: number,
  turns: readonly Turn[],
  say: (text: string) => void,
): Promise<Figures> {
  const all: Figures[] = []
  for (let round = 1; round <= rounds; round++) {
    for (const { name, take } of turns) {
      say(`round ${round} of ${rounds}, ${name}`)
      all.push(await take(round))
    }
  }
  return mediansOf(all)
}

/** Of those that have the figure. */
export function mediansOf(all: readonly Figures[]): Figures {
  const names = new Set(all.flatMap((figures) => Object.keys(figures)))
  return Object.fromEntries(
    [...names].map((name) => [name, median(all.flatMap((figures) => figures[name] ?? []))]),
  )
}

/** The middle one, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const below = quantile(sorted, 0.5)
  return sorted.length % 2 === 1 ? below : (below + sorted[sorted.length / 2]!) / 2
}

/** The same figures under longer names. */
export function under(prefix: string, figures: Figures): Figures {
  return Object.fromEntries(Object.entries(figures).map(([name, value]) => [`${prefix}.${name}`, value]))
}
