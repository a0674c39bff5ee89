/** Parked rides as they are shown, and what became of one that was retried or skipped. */
import { summaryOf } from '#database/fault-summary.ts'
import type { ParkedRide, RideOutcome } from '#projections/administration.ts'
import { type Column, columns, counted, instant, number } from './columns.ts'

/** `total`: how many there are, of which these are the oldest. */
export function parkedText(rides: readonly ParkedRide[], total: number): string {
  const more = total - rides.length
  return [
    columns(wanted, rides),
    ...(more > 0 ? [`And ${counted(more, 'ride')} more.`] : []),
    'Mend the cause, then: npm run projections -- retry RIDE\nOr leave the event out: npm run projections -- skip RIDE (--help says what that means)',
  ].join('\n\n')
}

export function parkedJson(rides: readonly ParkedRide[], total: number): string {
  const shown = rides.map(({ parkedAt, stream: _, ...ride }) => ({
    ...ride,
    parkedAt: new Date(parkedAt).toISOString(),
  }))
  return JSON.stringify({ total, rides: shown }, null, 2)
}

const wanted: readonly Column<ParkedRide>[] = [
  { heading: 'ride', cell: ({ rideId }) => rideId },
  { heading: 'projection', cell: ({ projection, version }) => `${projection} ${version}` },
  { heading: 'event', cell: ({ eventType }) => eventType },
  { heading: "ride's version", cell: ({ rideVersion }) => number(rideVersion), isNumber: true },
  { heading: 'parked', cell: ({ parkedAt }) => instant(parkedAt) },
  { heading: 'attempts', cell: ({ attempts }) => number(attempts), isNumber: true },
  { heading: 'error', cell: ({ error }) => summaryOf(error) },
]

export function outcomeText(outcome: RideOutcome): string {
  const where = `${outcome.projection} ${outcome.version}`
  switch (outcome.outcome) {
    case 'applied':
      return outcome.events === 0
        ? `${where}: nothing of it waits any more.`
        : `${where}: ${counted(outcome.events, 'event')} applied; nothing of it waits any more.`
    case 'failed':
      return `${where}: failed at the ride's version ${outcome.rideVersion}; it stays parked. ${summaryOf(outcome.error)}`
    default:
      return outcome satisfies never
  }
}

/** Before `outcomeText`, where the event that failed was passed over. */
export function skippedText({ projection, version, rideVersion, eventType }: ParkedRide): string {
  return `${projection} ${version}: passed over the ride's version ${rideVersion}, a ${eventType}.`
}
