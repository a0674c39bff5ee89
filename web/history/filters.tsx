/** Which rides are looked for: words and whose at once, all else behind a button, and in chips what is asked for now. */
import { useId, useState } from 'react'
import { thisViewer } from '../rides/start.ts'
import { useFormats } from '../rides/use-formats.ts'
import { type Chip, longUnitOf, nothingWanted, shortly, statusWords } from './chips.ts'
import { dayIn, isDay, presetsOf } from './days.ts'
import { NearChoice } from './near-choice.tsx'
import { type HistorySearch, type Status, statuses } from './search.ts'
import { TypedField } from './typed-field.tsx'
import { useChangeSearch } from './use-history.ts'

export function Filters({
  search,
  chips,
  hasViewer,
}: {
  search: HistorySearch
  chips: readonly Chip[]
  hasViewer: boolean
}) {
  const change = useChangeSearch()
  const [isOpen, setIsOpen] = useState(false)
  const more = useId()
  const hidden = chips.filter(({ key }) => key !== 'text').length
  return (
    <search className="history-filters">
      <div className="history-search">
        <TypedField
          label="Search titles and descriptions"
          isLabelHidden
          type="search"
          placeholder="Search rides"
          maxLength={200}
          value={search.text ?? ''}
          commit={(text) => change({ text: text.trim() === '' ? undefined : text.trim() }, { isTyped: true })}
        />
        <button
          type="button"
          className="button"
          aria-expanded={isOpen}
          aria-controls={more}
          onClick={() => setIsOpen(!isOpen)}
        >
          Filters{hidden > 0 && <span className="history-badge">{hidden}</span>}
        </button>
      </div>
      <div className="history-more-filters" id={more} hidden={!isOpen}>
        <Dates search={search} />
        <Distances search={search} />
        <NearChoice search={search} isOpen={isOpen} />
        <div className="history-choices">
          {hasViewer && (
            <label className="history-field">
              Whose rides
              <select
                value={search.whose ?? 'mine'}
                onChange={({ currentTarget }) =>
                  change({ whose: currentTarget.value === 'all' ? 'all' : undefined })
                }
              >
                <option value="mine">Mine</option>
                <option value="all">Everybody’s</option>
              </select>
            </label>
          )}
          <label className="history-field">
            Status
            <select
              value={search.status ?? ''}
              onChange={({ currentTarget: { value } }) =>
                change({ status: value === '' ? undefined : (value as Status) })
              }
            >
              <option value="">Any</option>
              {statuses.map((status) => (
                <option key={status} value={status}>
                  {statusWords[status]}
                </option>
              ))}
            </select>
          </label>
        </div>
      </div>
      {chips.length > 0 && (
        <ul className="history-chips" aria-label="What is looked for">
          {chips.map(({ key, words, without }) => (
            <li key={key}>
              <button type="button" className="history-chip" onClick={() => change(without)}>
                <span className="visually-hidden">Drop </span>
                {words}
                <span aria-hidden="true" className="history-chip-cross">
                  ×
                </span>
              </button>
            </li>
          ))}
          <li>
            <button type="button" className="link-button" onClick={() => change(nothingWanted)}>
              Clear
            </button>
          </li>
        </ul>
      )}
    </search>
  )
}

function Dates({ search }: { search: HistorySearch }) {
  const change = useChangeSearch()
  const { now, timeZone } = thisViewer()
  return (
    <fieldset className="history-fieldset">
      <legend>Ridden</legend>
      <div className="history-pair">
        <TypedField
          label="From"
          type="date"
          value={search.from ?? ''}
          commit={(day) => change({ from: isDay(day) ? day : undefined }, { isTyped: true })}
        />
        <TypedField
          label="To"
          type="date"
          value={search.to ?? ''}
          commit={(day) => change({ to: isDay(day) ? day : undefined }, { isTyped: true })}
        />
      </div>
      <div className="history-presets">
        {presetsOf(dayIn(timeZone, now)).map(({ words, span }) => {
          const isPressed = search.from === span.from && search.to === span.to
          return (
            <button
              key={words}
              type="button"
              className="button button-small"
              aria-pressed={isPressed}
              onClick={() => change(isPressed ? { from: undefined, to: undefined } : { ...span })}
            >
              {words}
            </button>
          )
        })}
      </div>
    </fieldset>
  )
}

function Distances({ search }: { search: HistorySearch }) {
  const change = useChangeSearch()
  const { units } = useFormats()
  const { length, unit } = longUnitOf(units)
  const shown = (metres: number | undefined) => (metres === undefined ? '' : shortly(metres / length))
  const metresOf = (text: string) => {
    const long = Number.parseFloat(text)
    return Number.isFinite(long) && long >= 0 ? Math.round(long * length) : undefined
  }
  const field = {
    type: 'number',
    min: 0,
    step: 'any',
    inputMode: 'decimal',
    after: <span>{unit}</span>,
  } as const
  return (
    <fieldset className="history-fieldset">
      <legend>Distance</legend>
      <div className="history-pair">
        <TypedField
          label="At least"
          {...field}
          value={shown(search.min)}
          commit={(text) => change({ min: metresOf(text) }, { isTyped: true })}
        />
        <TypedField
          label="At most"
          {...field}
          value={shown(search.max)}
          commit={(text) => change({ max: metresOf(text) }, { isTyped: true })}
        />
      </div>
    </fieldset>
  )
}
