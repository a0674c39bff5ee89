/** Kilometres or miles: chosen once, kept in this browser for all its tabs; unchosen, what is usual where the browser's language is spoken. */
import type { Units } from '../rides/format.ts'
import { type Cell, createCell } from '../state/cell.ts'
import type { OnKept } from './kept-choice.ts'

export interface UnitsChoice {
  readonly choice: Cell<Units>
  choose(units: Units): void
}

const storageKey = 'slipstream.units'
/** Where roads are measured in miles (CLDR's measurement systems US and UK, and Liberia's and Burma's roads). */
const regionsOfMiles = new Set(['US', 'GB', 'LR', 'MM'])

/** @param language of the browser, such as `en-US`. */
export function createUnits(
  storage: Pick<Storage, 'getItem' | 'setItem'>,
  language: string,
  onKept: OnKept,
): UnitsChoice {
  function read(): Units {
    const stored = storage.getItem(storageKey)
    return stored === 'metric' || stored === 'imperial' ? stored : usualIn(language)
  }
  const choice = createCell<Units>(read())
  onKept(storageKey, () => choice.set(read()))
  return {
    choice,
    choose(units) {
      choice.set(units)
      storage.setItem(storageKey, units)
    },
  }
}

function usualIn(language: string): Units {
  try {
    // A language that names no region says nothing of units.
    return regionsOfMiles.has(new Intl.Locale(language).region ?? '') ? 'imperial' : 'metric'
  } catch {
    return 'metric'
  }
}
