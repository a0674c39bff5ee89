/** Three states in one button: as the system says, light, dark. */
import { useCell } from '../state/use-cell.ts'
import { useApp } from './app.ts'
import type { ThemeChoice } from './theme.ts'

const next: Record<ThemeChoice, ThemeChoice> = { system: 'light', light: 'dark', dark: 'system' }
const names: Record<ThemeChoice, string> = { system: 'as the system', light: 'light', dark: 'dark' }
const paths: Record<ThemeChoice, string> = {
  system: 'M12 3a9 9 0 1 0 0 18zM12 3a9 9 0 0 1 0 18',
  light:
    'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8M12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.4 1.4M17.6 17.6 19 19M19 5l-1.4 1.4M6.4 17.6 5 19',
  dark: 'M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5z',
}

export function ThemeSwitch() {
  const { themes } = useApp()
  const choice = useCell(themes.choice)
  const label = `Theme: ${names[choice]}. Change to ${names[next[choice]]}`
  return (
    <button
      type="button"
      className="icon-button"
      aria-label={label}
      title={label}
      onClick={() => themes.choose(next[choice])}
    >
      <svg
        viewBox="0 0 24 24"
        width="20"
        height="20"
        aria-hidden="true"
        className={`theme-icon theme-${choice}`}
      >
        <path d={paths[choice]} />
      </svg>
    </button>
  )
}
