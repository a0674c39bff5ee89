/** What one has ridden in all, by week, month or year. */
import { useMemo } from 'react'
import { useIsWide } from '../app/drawer.tsx'
import { useAnswerTo } from '../graphql/use-answer.ts'
import { Figure } from '../rides/figure.tsx'
import { formatDuration } from '../rides/format.ts'
import { NotLoaded } from '../rides/no-rides.tsx'
import { thisViewer } from '../rides/start.ts'
import { useFormats } from '../rides/use-formats.ts'
import { type Bar, Bars } from './bars.tsx'
import {
  addDays,
  beginOf,
  type Day,
  dayIn,
  inWords,
  later,
  type Period,
  spanInWords,
  spanOf,
} from './days.ts'
import { type Total, totalsQuery } from './documents.ts'
import { amountInWords, measured, measureUnit, measureWords, wholeSteps } from './measures.ts'
import { NotFiltered } from './not-filtered.tsx'
import { filledPeriods, periodsSince, sumOf, ticksOf } from './periods.ts'
import { type BarPeriod, type HistorySearch, type Measure, measures } from './search.ts'
import { Segments } from './segments.tsx'
import { NothingRidden, SignInFirst } from './sign-in-first.tsx'
import { TotalsTable } from './totals-table.tsx'
import { useChangeSearch } from './use-history.ts'

const periodOf: Record<BarPeriod, Period> = { week: 'WEEK', month: 'MONTH', year: 'YEAR' }
const periodWords: Record<BarPeriod, string> = { week: 'Weeks', month: 'Months', year: 'Years' }

export function TotalsPart({ search }: { search: HistorySearch }) {
  const formats = useFormats()
  const change = useChangeSearch()
  const isWide = useIsWide()
  const by = search.by ?? 'month'
  const of = search.of ?? 'distance'
  const period = periodOf[by]
  const { data, failure, reload } = useAnswerTo(totalsQuery, { period, from: null, to: null })
  const { now, timeZone } = thisViewer()
  const today = dayIn(timeZone, now)
  const until = search.until ?? today
  const totals = data?.viewer?.totals ?? null

  const shown = useMemo(() => {
    if (totals === null) return null
    const count = countOf(by, isWide, totals, until)
    return filledPeriods(totals, { period, until, count })
  }, [totals, by, period, until, isWide])

  if (data !== null && data.viewer === null) return <SignInFirst what="totals" />
  if (totals?.length === 0) return <NothingRidden what="totals" />
  if (data === null && failure !== null) return <NotLoaded what="The totals" retry={() => void reload()} />

  const first = shown?.[0]?.from ?? today
  const oldest = totals?.at(-1)?.from
  const span = { from: first, to: spanOf(period, until).to }
  const sum = sumOf(shown ?? [])
  const move = (count: number) => {
    const moved = addDays(later(period, later(period, beginOf(period, until), count), 1), -1)
    change({ until: moved >= today ? undefined : moved }, { isTyped: true })
  }
  const step = shown?.length ?? 1
  return (
    <section className="history-numbers" aria-label="Totals">
      <NotFiltered search={search}>These are the totals of all your rides.</NotFiltered>
      <div className="history-controls">
        <Segments
          label="Added up by"
          choices={[
            { value: 'week', words: periodWords.week },
            { value: 'month', words: periodWords.month },
            { value: 'year', words: periodWords.year },
          ]}
          chosen={by}
          choose={(value) => change({ by: value === 'month' ? undefined : value })}
        />
        <Segments
          label="What is shown"
          choices={measures.map((value) => ({ value, words: measureWords[value] }))}
          chosen={of}
          choose={(value) => change({ of: value === 'distance' ? undefined : value })}
        />
      </div>
      <div className="history-window">
        <button
          type="button"
          className="icon-button"
          aria-label="Earlier"
          disabled={oldest === undefined || first <= oldest}
          onClick={() => move(-step)}
        >
          <span aria-hidden="true">‹</span>
        </button>
        <h2 aria-live="polite">{spanInWords(span)}</h2>
        <button
          type="button"
          className="icon-button"
          aria-label="Later"
          disabled={beginOf(period, until) >= beginOf(period, today)}
          onClick={() => move(step)}
        >
          <span aria-hidden="true">›</span>
        </button>
      </div>
      <dl className="history-sum">
        <div>
          <dt>Distance</dt>
          <dd>
            <Figure {...formats.distance(shown === null ? null : sum.distance)} />
          </dd>
        </div>
        <div>
          <dt>Moving time</dt>
          <dd>{formatDuration(shown === null ? null : sum.movingTime)}</dd>
        </div>
        <div>
          <dt>Climbing</dt>
          <dd>
            <Figure {...formats.elevation(shown === null ? null : sum.elevationGain)} />
          </dd>
        </div>
        <div>
          <dt>Rides</dt>
          <dd>{shown === null ? '–' : sum.rides}</dd>
        </div>
      </dl>
      {shown === null ? (
        <div className="to-come bars-to-come" role="status" aria-label="Loading totals" />
      ) : (
        <>
          <Bars
            key={`${by} ${until}`}
            label={`${measureWords[of]} by ${by}`}
            bars={shown.map((total, index) => barOf(total, shown[index - 1], { by, of, search, formats }))}
            ticks={ticksOf(
              Math.max(...shown.map((total) => measured(of, total, formats))),
              of === 'rides' ? wholeSteps : undefined,
            )}
            unit={measureUnit(of, formats)}
          />
          <p className="field-hint">Choose a bar to see its rides.</p>
          <TotalsTable by={by} totals={shown} titleOf={({ from }) => spanInWords(spanOf(period, from))} />
        </>
      )}
    </section>
  )
}

function countOf(by: BarPeriod, isWide: boolean, totals: readonly Total[], until: Day): number {
  if (by === 'week') return isWide ? 26 : 13
  if (by === 'month') return 12
  return periodsSince(totals.at(-1)?.from, { period: 'YEAR', until, least: 5, most: isWide ? 15 : 8 })
}

function barOf(
  total: Total,
  before: Total | undefined,
  {
    by,
    of,
    search,
    formats,
  }: {
    by: BarPeriod
    of: Measure
    search: HistorySearch
    formats: ReturnType<typeof useFormats>
  },
): Bar {
  const span = spanOf(periodOf[by], total.from)
  // What was looked for before would leave out some of what the bar counts.
  const { sort, until, year } = search
  return {
    key: total.from,
    label: labelOf(by, total.from, before?.from),
    title: spanInWords(span),
    words: amountInWords(total, formats),
    value: measured(of, total, formats),
    search: {
      ...(sort !== undefined && { sort }),
      ...(search.by !== undefined && { by: search.by }),
      ...(search.of !== undefined && { of: search.of }),
      ...(until !== undefined && { until }),
      ...(year !== undefined && { year }),
      ...span,
    },
  }
}

/** Weeks are told apart by the months that begin with them; of the first month only where there is room before the next. */
function labelOf(by: BarPeriod, from: Day, before: Day | undefined): string {
  if (by === 'year') return from.slice(0, 4)
  const month = inWords(from, { month: 'short' })
  if (by === 'month') return month
  if (before === undefined) return Number(from.slice(8)) <= 14 ? month : ''
  return before.slice(0, 7) === from.slice(0, 7) ? '' : month
}
