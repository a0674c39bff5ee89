/** A ride's status in a word and a colour, never the colour alone. */
import type { RideStatus } from './documents.ts'

const words: Record<RideStatus, string> = {
  ACTIVE: 'Active',
  PAUSED: 'Paused',
  ENDED: 'Ended',
  FINISHED: 'Finished',
}
const meanings: Record<RideStatus, string> = {
  ACTIVE: 'Being ridden now',
  PAUSED: 'The rider is having a break',
  ENDED: 'The ride has ended; its route is being prepared',
  FINISHED: 'Its route and figures are final',
}

export function StatusPill({ status }: { status: RideStatus }) {
  return (
    <span className="pill" data-status={status} title={meanings[status]}>
      <span className="pill-dot" aria-hidden="true" />
      {words[status]}
    </span>
  )
}
