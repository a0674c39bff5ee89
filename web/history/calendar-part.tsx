/** A year, day by day: the further one rode, the stronger the colour. A day leads to its rides. */
import { useRef, useState } from 'react'
import { useAnswerTo } from '../graphql/use-answer.ts'
import { Figure } from '../rides/figure.tsx'
import { formatDuration } from '../rides/format.ts'
import { NotLoaded } from '../rides/no-rides.tsx'
import { thisViewer } from '../rides/start.ts'
import { useFormats } from '../rides/use-formats.ts'
import { type CalendarDay, type CalendarMonth, dayByKey, monthsOf } from './calendar.ts'
import { nothingWanted } from './chips.ts'
import { type Day, dayIn, dayInWords, inWords } from './days.ts'
import { totalsQuery } from './documents.ts'
import { amountInWords, ridesInWords } from './measures.ts'
import { NotFiltered } from './not-filtered.tsx'
import { sumOf } from './periods.ts'
import type { HistorySearch } from './search.ts'
import { NothingRidden, SignInFirst } from './sign-in-first.tsx'
import { useChangeSearch } from './use-history.ts'

const weekdays = ['M', 'T', 'W', 'T', 'F', 'S', 'S']

export function CalendarPart({ search }: { search: HistorySearch }) {
  const formats = useFormats()
  const change = useChangeSearch()
  const { now, timeZone } = thisViewer()
  const today = dayIn(timeZone, now)
  const thisYear = Number(today.slice(0, 4))
  const years = useAnswerTo(totalsQuery, { period: 'YEAR', from: null, to: null })
  const year = search.year ?? thisYear
  const days = useAnswerTo(totalsQuery, { period: 'DAY', from: `${year}-01-01`, to: `${year}-12-31` })

  const isNobody = years.data !== null && years.data.viewer === null
  if (isNobody) return <SignInFirst what="calendar" />
  const ridden = years.data?.viewer?.totals
  if (ridden?.length === 0) return <NothingRidden what="calendar" />
  const failed = [years, days].find(({ data, failure }) => data === null && failure !== null)
  if (failed !== undefined) return <NotLoaded what="The calendar" retry={() => void failed.reload()} />

  const firstYear = Number(ridden?.at(-1)?.from.slice(0, 4) ?? year)
  const totals = days.data?.viewer?.totals ?? null
  const sum = sumOf(totals ?? [])
  const turn = (to: number) => change({ year: to === thisYear ? undefined : to }, { isTyped: true })
  return (
    <section className="history-numbers" aria-label="Calendar">
      <NotFiltered search={search}>The calendar shows all your rides.</NotFiltered>
      <div className="history-window">
        <button
          type="button"
          className="icon-button"
          aria-label={`${year - 1}`}
          disabled={year <= firstYear}
          onClick={() => turn(year - 1)}
        >
          <span aria-hidden="true">‹</span>
        </button>
        <h2 aria-live="polite">{year}</h2>
        <button
          type="button"
          className="icon-button"
          aria-label={`${year + 1}`}
          disabled={year >= thisYear}
          onClick={() => turn(year + 1)}
        >
          <span aria-hidden="true">›</span>
        </button>
      </div>
      <p className="calendar-sum">
        {totals === null ? (
          'Loading…'
        ) : sum.rides === 0 ? (
          'No rides in this year.'
        ) : (
          <>
            {ridesInWords(sum.rides)} on {totals.length === 1 ? '1 day' : `${totals.length} days`},{' '}
            <Figure {...formats.distance(sum.distance)} />, {formatDuration(sum.movingTime)} moving
          </>
        )}
      </p>
      <Year
        key={year}
        months={monthsOf(year, totals ?? [], today)}
        begin={year === thisYear ? today : `${year}-01-01`}
        open={(day) => change({ ...nothingWanted, show: undefined, from: day, to: day })}
      />
      <p className="calendar-legend" aria-hidden="true">
        Less
        {[0, 1, 2, 3, 4].map((level) => (
          <span key={level} className="calendar-day" data-level={level} />
        ))}
        More
      </p>
    </section>
  )
}

function Year({
  months,
  begin,
  open,
}: {
  months: readonly CalendarMonth[]
  /** The day that one comes to with the keyboard. */
  begin: Day
  open: (day: Day) => void
}) {
  const formats = useFormats()
  const [current, setCurrent] = useState(begin)
  const [tip, setTip] = useState<{ day: CalendarDay; left: number; top: number } | null>(null)
  const grid = useRef<HTMLDivElement>(null)

  function show(day: CalendarDay, cell: HTMLElement): void {
    const month = cell.closest('.calendar-month')
    if (!(month instanceof HTMLElement)) return
    setTip({
      day,
      left: month.offsetLeft + cell.offsetLeft + cell.offsetWidth / 2,
      top: month.offsetTop + cell.offsetTop,
    })
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the days in it take the keys; here they are heard together.
    <div
      className="calendar"
      ref={grid}
      onKeyDown={(event) => {
        const next = dayByKey(event.key, current)
        const cell = next === null ? null : grid.current?.querySelector<HTMLElement>(`[data-day="${next}"]`)
        if (next === null) return
        event.preventDefault()
        cell?.focus()
      }}
    >
      {months.map(({ begin: first, indent, days }) => (
        <section
          key={first}
          className="calendar-month"
          aria-label={inWords(first, { month: 'long', year: 'numeric' })}
        >
          <h3>{inWords(first, { month: 'short' })}</h3>
          <div className="calendar-days">
            {weekdays.map((name, index) => (
              <span key={index} className="calendar-weekday" aria-hidden="true">
                {name}
              </span>
            ))}
            {days.map((day, index) =>
              day.isToCome ? (
                <span
                  key={day.day}
                  className="calendar-day is-to-come"
                  style={index === 0 ? { gridColumnStart: indent + 1 } : undefined}
                >
                  {index + 1}
                </span>
              ) : (
                <button
                  key={day.day}
                  type="button"
                  className="calendar-day"
                  data-day={day.day}
                  data-level={day.level}
                  style={index === 0 ? { gridColumnStart: indent + 1 } : undefined}
                  tabIndex={day.day === current ? 0 : -1}
                  aria-disabled={day.total === null}
                  aria-label={dayWords(day, formats)}
                  onClick={() => {
                    if (day.total !== null) open(day.day)
                  }}
                  onFocus={({ currentTarget }) => {
                    setCurrent(day.day)
                    show(day, currentTarget)
                  }}
                  onBlur={() => setTip(null)}
                  onMouseEnter={({ currentTarget }) => show(day, currentTarget)}
                  onMouseLeave={() => setTip(null)}
                >
                  {index + 1}
                </button>
              ),
            )}
          </div>
        </section>
      ))}
      {tip !== null && (
        <div
          className="chart-tip"
          aria-hidden="true"
          style={{
            left: `clamp(100px, ${tip.left}px, calc(100% - 100px))`,
            bottom: `calc(100% - ${tip.top}px + 6px)`,
          }}
        >
          <strong>{dayInWords(tip.day.day)}</strong>
          {tip.day.total === null ? 'no ride' : amountInWords(tip.day.total, formats)}
        </div>
      )}
    </div>
  )
}

function dayWords({ day, total }: CalendarDay, formats: ReturnType<typeof useFormats>): string {
  return `${dayInWords(day, 'long')}: ${total === null ? 'no ride' : amountInWords(total, formats)}`
}
