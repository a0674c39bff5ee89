/** After a ride: what it came to, whether all of it is sent, and where it is to be seen. */
import { Link } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useApp } from '../app/app.ts'
import { useArrival } from '../forms/arriving.ts'
import { formatDuration } from '../rides/format.ts'
import { useFormats } from '../rides/use-formats.ts'
import { useCell } from '../state/use-cell.ts'
import { KeptHere } from './kept-here.tsx'
import { QueueLine } from './queue-line.tsx'
import type { Recorder, RideHere } from './recorder.ts'
import { isSent } from './recording.ts'
import { metresRidden } from './ridden.ts'

export function RideOver({ recorder, ride }: { recorder: Recorder; ride: RideHere }) {
  const { announcements } = useApp()
  const { queue, recording } = ride
  const { rideId, timerMs, waiting } = recording
  const onServer = useCell(recorder.onServer)
  const heading = useArrival<HTMLHeadingElement>()
  const { distance } = useFormats()
  const ridden = distance(metresRidden(queue, onServer))
  const isFinished = onServer?.ride.status === 'FINISHED'
  const isKnown = waiting[0]?.kind !== 'start'
  const isAllSent = isSent(recording)
  useEffect(() => {
    if (isFinished) announcements.say('The ride is finished.')
  }, [isFinished, announcements])

  return (
    <section className="recorder-over">
      <h2 ref={heading} tabIndex={-1}>
        {isFinished ? 'Ride finished' : 'Ride ended'}
      </h2>
      <p className="recorder-sum">
        {recording.title !== null && <strong>{recording.title}: </strong>}
        {ridden.value} {ridden.unit} in {formatDuration(timerMs / 1_000)}
      </p>
      <div className="recorder-facts">
        <QueueLine recorder={recorder} recording={recording} />
      </div>
      <KeptHere recorder={recorder} ride={ride} />
      {!isAllSent && recording.stopped === null && (
        <p className="note">
          Leave this page open until all is sent. Or come back later: it goes on when you open Slipstream on
          this phone.
        </p>
      )}
      {isAllSent && !isFinished && <p className="note">Its route is being prepared.</p>}
      <div className="recorder-buttons">
        {isKnown && (
          <Link
            to="/rides/$rideId"
            params={{ rideId }}
            search={{}}
            className={isFinished ? 'recorder-button recorder-go' : 'recorder-button'}
          >
            See the ride
          </Link>
        )}
        <button type="button" className="recorder-button" onClick={recorder.putAside}>
          New ride
        </button>
      </div>
    </section>
  )
}
