/** `/history`: what was ridden, as a list beside the map, added up, day by day, and the best of it. */
import { Link, useRouter, useSearch } from '@tanstack/react-router'
import { useEffect } from 'react'
import '../styles/history.css'
import { useApp } from '../app/app.ts'
import { useTitle } from '../app/page.tsx'
import { CalendarPart } from './calendar-part.tsx'
import { RecordsPart } from './records-part.tsx'
import { RidesPart } from './rides-part.tsx'
import { type HistorySearch, present, type ShownPart, shownParts } from './search.ts'
import { TotalsPart } from './totals-part.tsx'
import { useHistorySearch } from './use-history.ts'
import { useShownRides } from './use-shown-rides.ts'

const names: Record<ShownPart, string> = {
  rides: 'Rides',
  totals: 'Totals',
  calendar: 'Calendar',
  records: 'Records',
}

export function HistoryPage() {
  const search = useHistorySearch()
  const shown = search.show ?? 'rides'
  // The map goes on showing them, whatever is read beside it.
  const shownRides = useShownRides(search)
  useRememberedSearch(search)
  useTitle(shown === 'rides' ? 'History' : `${names[shown]} · History`)
  return (
    <article className="history" data-part={shown}>
      <h1 className="visually-hidden">History</h1>
      <nav className="history-parts" aria-label="History">
        {shownParts.map((part) => (
          <Link
            key={part}
            from="/history"
            to="/history"
            search={(now) => present({ ...now, show: part === 'rides' ? undefined : part })}
            className="history-part"
            activeOptions={{ exact: true, includeSearch: true }}
          >
            {names[part]}
          </Link>
        ))}
      </nav>
      {shown === 'rides' && <RidesPart search={search} shownRides={shownRides} />}
      {shown === 'totals' && <TotalsPart search={search} />}
      {shown === 'calendar' && <CalendarPart search={search} />}
      {shown === 'records' && <RecordsPart search={search} />}
    </article>
  )
}

/** Whoever opens a ride from here comes back to what he looked for. */
function useRememberedSearch(search: HistorySearch): void {
  const { wayBack } = useApp()
  const router = useRouter()
  const { map, follow } = useSearch({ from: '__root__' })
  useEffect(
    () =>
      router.subscribe('onBeforeNavigate', ({ toLocation: { pathname } }) => {
        if (pathname !== '/history')
          wayBack.set({ to: pathname, search: present({ ...search, map, follow }) })
      }),
    [router, wayBack, search, map, follow],
  )
}
