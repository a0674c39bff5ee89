/** The ways to the pages: in the bar on a wide screen, along the foot of a phone's. */
import { Link, type LinkProps } from '@tanstack/react-router'
import { useCell } from '../state/use-cell.ts'
import { useApp } from './app.ts'
import { hasRides, mayRecord, type Reader } from './reader.ts'

interface Way {
  readonly to: NonNullable<LinkProps['to']>
  readonly name: string
  /** In a square of 20. */
  readonly icon: string
  /** To whom it is shown; left out, to everybody. */
  readonly isFor?: (reader: Reader) => boolean
}

const ways: readonly Way[] = [
  {
    to: '/',
    name: 'Live',
    icon: 'M10 11.5a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3M6.1 13.9a5.5 5.5 0 0 1 0-7.8M13.9 6.1a5.5 5.5 0 0 1 0 7.8M3.6 16.4a9 9 0 0 1 0-12.8M16.4 3.6a9 9 0 0 1 0 12.8',
  },
  {
    to: '/history',
    name: 'History',
    icon: 'M3.2 7.5A7.3 7.3 0 1 1 2.7 10M3 3.5v4h4M10 6v4.2l2.8 1.6',
  },
  {
    to: '/record',
    name: 'Record',
    icon: 'M10 17.5a7.5 7.5 0 1 0 0-15 7.5 7.5 0 0 0 0 15M10 13a3 3 0 1 0 0-6 3 3 0 0 0 0 6',
    isFor: mayRecord,
  },
  {
    to: '/import',
    name: 'Import',
    icon: 'M10 13V3m0 0L6 7m4-4 4 4M3.5 13v3a1 1 0 0 0 1 1h11a1 1 0 0 0 1-1v-3',
    isFor: ({ session }) => hasRides(session),
  },
  {
    to: '/settings',
    name: 'Settings',
    icon: 'M3 5.5h7M14 5.5h3M12 3.7v3.6M3 10h2.5M9.5 10H17M7.5 8.2v3.6M3 14.5h8M15 14.5h2M13 12.7v3.6',
  },
  {
    to: '/log',
    name: 'Log',
    icon: 'M4 5h2M9 5h7M4 10h2M9 10h7M4 15h2M9 15h7',
    isFor: ({ isAdministrator }) => isAdministrator,
  },
]

/** What is said behind the name of a page. */
function noteOf(underWay: 'ACTIVE' | 'PAUSED' | null): string {
  return underWay === 'PAUSED' ? 'a ride is paused' : 'a ride is being recorded'
}

export function Navigation() {
  const { server, sessions, isAdministrator, underWay } = useApp()
  const session = useCell(sessions.session)
  const ride = useCell(underWay)
  const reader: Reader = {
    ...{ session, ride, isAdministrator: useCell(isAdministrator) === true },
    connection: useCell(server.socket.connection.status),
  }
  return (
    <nav className="navigation" aria-label="Pages">
      {ways
        .filter(({ isFor }) => isFor?.(reader) ?? true)
        .map(({ to, name, icon }) => (
          <Link
            key={name}
            to={to}
            className="way"
            aria-label={to === '/record' && ride !== null ? `${name}: ${noteOf(ride)}` : undefined}
            activeOptions={{ exact: to === '/', includeSearch: false }}
          >
            <svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">
              <path d={icon} />
            </svg>
            {name}
            {to === '/record' && ride !== null && <span className="way-sign" data-status={ride} />}
          </Link>
        ))}
    </nav>
  )
}
