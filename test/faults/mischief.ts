/** Inflicts fault after fault, sometimes two at once: a shuffled deck, so that none is forgotten, and shuffled again. */
import { setTimeout as pause } from 'node:timers/promises'
import type { Random } from '#recordings/simulate/simulate-random.ts'
import { type Fault, faults, type Scene } from './faults.ts'

const twoAtOnceShare = 0.4

/** Resolves when `timeIsUp` has aborted, so many faults were inflicted, and all is healed. */
export async function makeMischief(scene: Scene, timeIsUp: AbortSignal, atLeast: number): Promise<void> {
  const { random, ledger } = scene
  let deck: Fault[] = []
  const draw = (): Fault => {
    if (deck.length === 0) deck = shuffled(faults, random)
    return deck.pop()!
  }
  async function inflictOne(name: string, inflict: Fault['inflict']): Promise<void> {
    ledger.count(`fault: ${name}`)
    try {
      await inflict(scene)
    } catch (error) {
      ledger.find('broken', `${name}: ${error instanceof Error ? error.message : error}`)
    }
  }
  let next = draw()
  let inflicted = 0
  while (!timeIsUp.aborted || inflicted < atLeast) {
    const now = [next]
    next = draw()
    if (!now[0]!.isAlone && !next.isAlone && random() < twoAtOnceShare) {
      now.push(next)
      next = draw()
    }
    await Promise.all(now.map(({ name, inflict }) => inflictOne(name, inflict)))
    inflicted += now.length
    await pause(600 * random())
  }
}

function shuffled<T>(items: readonly T[], random: Random): T[] {
  const copy = [...items]
  for (let last = copy.length - 1; last > 0; last--) {
    const other = Math.floor((last + 1) * random())
    ;[copy[last], copy[other]] = [copy[other]!, copy[last]!]
  }
  return copy
}
