/** Light, dark, or as the system says: chosen once, kept in this browser for all its tabs. */

import type { Theme } from '../map/palette.ts'
import { type Cell, createCell } from '../state/cell.ts'
import type { OnKept } from './kept-choice.ts'

export type ThemeChoice = 'system' | Theme

export interface Themes {
  readonly choice: Cell<ThemeChoice>
  /** What the choice comes to at this moment. */
  readonly shown: Cell<Theme>
  choose(choice: ThemeChoice): void
}

const storageKey = 'slipstream.theme'

export function createThemes(storage: Storage, onKept: OnKept): Themes {
  const dark = window.matchMedia('(prefers-color-scheme: dark)')
  const choice = createCell<ThemeChoice>(parse(storage.getItem(storageKey)))
  const shown = createCell<Theme>('light')

  function show(): void {
    const chosen = choice.get()
    document.documentElement.dataset['theme'] = chosen
    shown.set(chosen === 'system' ? (dark.matches ? 'dark' : 'light') : chosen)
  }

  dark.addEventListener('change', show)
  onKept(storageKey, () => {
    choice.set(parse(storage.getItem(storageKey)))
    show()
  })
  show()
  return {
    choice,
    shown,
    choose(next) {
      choice.set(next)
      storage.setItem(storageKey, next)
      show()
    },
  }
}

function parse(stored: string | null): ThemeChoice {
  return stored === 'light' || stored === 'dark' ? stored : 'system'
}
