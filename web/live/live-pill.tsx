/** A ride's status while it is watched, in a word and a colour: as on every page, and besides, whether anything is heard of it. */
import type { RideStatus } from '../rides/documents.ts'
import { StatusPill } from '../rides/status-pill.tsx'
import type { LiveStatus } from './staleness.ts'

const recorded: Record<Exclude<LiveStatus, 'stale'>, RideStatus> = { active: 'ACTIVE', paused: 'PAUSED' }

export function LivePill({ status }: { status: LiveStatus }) {
  if (status !== 'stale') return <StatusPill status={recorded[status]} />
  return (
    <span className="pill" data-status="STALE" title="Nothing heard for a minute or longer">
      <span className="pill-dot" aria-hidden="true" />
      Stale
    </span>
  )
}
