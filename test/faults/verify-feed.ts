/** Holds what a watcher saw against the log. */
import type { Ledger } from './ledger.ts'
import type { Recorded } from './verify-log.ts'
import type { Watched } from './watcher.ts'

/**
 * A feed shows each event of its ride up to RideFinished, once and in order. Where the ride was deleted on the way it may
 * end anywhere, and what it shows behind what it had is the deletion alone.
 */
export function verifyFeed({ rideId, items }: Watched, events: readonly Recorded[], { find }: Ledger): void {
  const deleted = events.find(({ type }) => type === 'RideDeleted')
  const last = items.at(-1)
  const isCutShort = deleted !== undefined && last?.type === 'DELETED'
  const shown = isCutShort ? items.slice(0, -1) : items
  if (isCutShort && last?.version !== deleted.version) {
    find('diverged', `The feed of ride ${rideId} showed its deletion as version ${last?.version}`)
  }
  for (const [index, { version, type, positions }] of shown.entries()) {
    if (version !== index + 1) {
      const defect = version > index + 1 ? 'lost' : 'duplicated'
      find(defect, `The feed of ride ${rideId} showed version ${version} as number ${index + 1}`)
      return
    }
    const recorded = events[index]
    const isSame = publicTypes[recorded?.type ?? ''] === type && isAsLong(recorded, positions)
    if (!isSame) {
      find('diverged', `The feed of ride ${rideId} showed another event as version ${version}`)
      return
    }
  }
  const finished = events.findIndex(({ type }) => type === 'RideFinished')
  const isWhole = deleted !== undefined || shown.length === finished + 1
  if (!isWhole) find('lost', `The feed of ride ${rideId} showed ${shown.length} of ${finished + 1} events`)
}

/** What was taken from the log can no longer be compared. */
function isAsLong(recorded: Recorded | undefined, positions: number): boolean {
  if (recorded?.event === undefined) return true
  return positions === (recorded.event.type === 'RidePositionsRecorded' ? recorded.event.positions.length : 0)
}

const publicTypes: Readonly<Record<string, string>> = {
  RideStarted: 'STARTED',
  RidePositionsRecorded: 'POSITIONS_RECORDED',
  RidePaused: 'PAUSED',
  RideResumed: 'RESUMED',
  RideEnded: 'ENDED',
  RideFinished: 'FINISHED',
  RideEdited: 'EDITED',
  RideDeleted: 'DELETED',
}
