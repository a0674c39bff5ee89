/** How many of a thing somebody has at the same time. */

export interface Counts {
  /** Undefined where he has as many as he may. What is given back is called once, when the thing is gone. */
  enter(key: string): (() => void) | undefined
}

export function openCounts(most: number): Counts {
  const counts = new Map<string, number>()
  return {
    enter(key) {
      const before = counts.get(key) ?? 0
      if (before >= most) return undefined
      counts.set(key, before + 1)
      let isIn = true
      return () => {
        if (!isIn) return
        isIn = false
        const left = (counts.get(key) ?? 1) - 1
        if (left === 0) counts.delete(key)
        else counts.set(key, left)
      }
    },
  }
}
