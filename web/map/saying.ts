/** The map says in the page what its canvases show: for those who test it, and for those who script it. */
import type { Place } from './glide.ts'

export interface Saying {
  /** As `data-…` of the map's element; null: nothing. It is written only where it is news. */
  say(name: string, value: string | number | null): void
}

export function createSaying(container: HTMLElement): Saying {
  const said = new Map<string, string | null>()
  return {
    say(name, value) {
      const text = value === null ? null : String(value)
      if (said.get(name) === text) return
      said.set(name, text)
      if (text === null) delete container.dataset[name]
      else container.dataset[name] = text
    },
  }
}

/** To a decimetre. */
export function printPlace([longitude, latitude]: Place): string {
  return `${latitude.toFixed(6)},${longitude.toFixed(6)}`
}
