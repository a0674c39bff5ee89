/** How the pages look in this browser: what is chosen is seen at once, everywhere. */
import { useApp } from '../../app/app.ts'
import type { ThemeChoice } from '../../app/theme.ts'
import type { Units } from '../../rides/format.ts'
import { useCell } from '../../state/use-cell.ts'

const units: readonly Choice<Units>[] = [
  { value: 'metric', label: 'Kilometres', hint: 'km, km/h, metres of climbing' },
  { value: 'imperial', label: 'Miles', hint: 'mi, mph, feet of climbing' },
]

const themes: readonly Choice<ThemeChoice>[] = [
  { value: 'system', label: 'System' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
]

export function Appearance() {
  const app = useApp()
  return (
    <section aria-labelledby="appearance-heading">
      <h2 id="appearance-heading">Appearance</h2>
      <p className="note">Saved in this browser only.</p>
      <Choices
        legend="Units"
        name="units"
        choices={units}
        chosen={useCell(app.units.choice)}
        choose={app.units.choose}
      />
      <Choices
        legend="Theme"
        name="theme"
        choices={themes}
        chosen={useCell(app.themes.choice)}
        choose={app.themes.choose}
      />
    </section>
  )
}

interface Choice<Value> {
  readonly value: Value
  readonly label: string
  readonly hint?: string
}

function Choices<Value extends string>({
  legend,
  name,
  choices,
  chosen,
  choose,
}: {
  legend: string
  name: string
  choices: readonly Choice<Value>[]
  chosen: Value
  choose: (value: Value) => void
}) {
  return (
    <fieldset className="choice-segments">
      <legend>{legend}</legend>
      <div className="choice-segments-row">
        {choices.map(({ value, label, hint }) => (
          <label key={value} className="choice-segment">
            <input
              type="radio"
              name={name}
              value={value}
              checked={value === chosen}
              onChange={() => choose(value)}
            />
            <span>{label}</span>
            {hint !== undefined && <span className="choice-segment-hint">{hint}</span>}
          </label>
        ))}
      </div>
    </fieldset>
  )
}
