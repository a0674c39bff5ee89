/** Who looks at the pages, and which are for him. */
import type { Session } from '../account/session.ts'
import type { ConnectionStatus } from '../graphql/connection.ts'

/** Who looks at the page, and with what. */
export interface Reader {
  readonly session: Session
  readonly isAdministrator: boolean
  readonly connection: ConnectionStatus
  /** That is recorded in this browser. */
  readonly ride: 'ACTIVE' | 'PAUSED' | null
}

/** Who may have rides of his own here: whoever is signed in, and everybody where nobody signs in. */
export function hasRides({ status }: Session): boolean {
  return status === 'rider' || status === 'none'
}

/** A ride begins without a network too, where nobody can say who is signed in; and one that goes on is always reached. */
export function mayRecord({ session, connection, ride }: Reader): boolean {
  const isAway = connection === 'offline' || connection === 'reconnecting'
  return ride !== null || hasRides(session) || (session.status === 'loading' && isAway)
}
