/** The type of an event, as the log names it, and in a colour; never the colour alone. */
const kinds: Readonly<Record<string, string>> = {
  RideStarted: 'begins',
  RideResumed: 'begins',
  RidePositionsRecorded: 'moves',
  RidePaused: 'rests',
  RideEnded: 'ends',
  RideFinished: 'ends',
  RideDeleted: 'goes',
}

export const eventTypes = [
  ...['RideStarted', 'RidePositionsRecorded', 'RidePaused', 'RideResumed', 'RideEnded'],
  ...['RideFinished', 'RideEdited', 'RideMasked', 'RideDeleted'],
]

export function EventType({ type }: { type: string }) {
  return (
    <span className="event-type" data-kind={kinds[type] ?? 'other'}>
      <span className="event-dot" aria-hidden="true" />
      {type}
    </span>
  )
}
