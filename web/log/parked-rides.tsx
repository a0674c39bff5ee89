/** Rides that a projection could not take further: why, and what can be done. */
import { useState } from 'react'
import { useApp } from '../app/app.ts'
import { AskFirst } from '../forms/ask-first.tsx'
import { type Complaint, complaintAbout } from '../forms/complaint.ts'
import { type ParkedRide, retryMutation, skipMutation } from './documents.ts'
import { EventType } from './event-type.tsx'
import { LogTime } from './log-time.tsx'
import { countOf, shortNameOf } from './log-words.ts'
import { NameOfStream } from './name-of-stream.tsx'
import { useRetry } from './use-retry.ts'

/** What its reader does not see when the event is passed over. */
const missing: Readonly<Record<string, string>> = {
  RideStarted: 'the ride itself',
  RidePositionsRecorded: 'the positions of this upload',
  RideEnded: 'its route, its statistics and its splits',
  RideFinished: 'that it is finished',
  RideEdited: 'this change of its title, description or visibility',
}

export function ParkedRides({
  rides,
  reload,
}: {
  /** Null: it is not known yet. */
  rides: readonly ParkedRide[] | null
  reload: () => Promise<void>
}) {
  const [outcome, setOutcome] = useState<string>()
  return (
    <>
      {outcome !== undefined && <p className="parked-outcome">{outcome}</p>}
      {rides === null && <p className="log-soft">&nbsp;</p>}
      {rides?.length === 0 && <p className="log-soft">None: all events were applied.</p>}
      <ul className="parked-rides" aria-label="Parked rides">
        {rides?.map((ride) => (
          <Parked
            key={`${ride.projection} ${ride.projectionVersion} ${ride.rideId}`}
            ride={ride}
            reload={reload}
            tell={setOutcome}
          />
        ))}
      </ul>
    </>
  )
}

function Parked({
  ride,
  reload,
  tell,
}: {
  ride: ParkedRide
  reload: () => Promise<void>
  tell: (outcome: string) => void
}) {
  const { server, announcements } = useApp()
  const { rideId, projection, projectionVersion, rideVersion, eventType, attempts, parkedAt, error } = ride
  const name = shortNameOf(rideId)
  const retrying = useRetry(retry)

  async function retry(): Promise<Complaint> {
    const answer = await server.mutate(retryMutation, { input: { rideId } })
    const result = answer.ok ? answer.data.retryParkedRide : null
    if (result?.__typename !== 'RetryParkedRidePayload') return complaintAbout(result)
    return outcome(result.outcomes)
  }

  async function skip(): Promise<Complaint> {
    const answer = await server.mutate(skipMutation, { input: { rideId, rideVersion } })
    const result = answer.ok ? answer.data.skipParkedRide : null
    if (result?.__typename !== 'SkipParkedRidePayload') return complaintAbout(result)
    return outcome(result.outcomes)
  }

  async function outcome(outcomes: readonly Outcome[]): Promise<Complaint> {
    const failed = outcomes.find(({ isParked }) => isParked)
    await reload()
    if (failed !== undefined)
      return `It failed again, at version ${failed.rideVersion ?? rideVersion}, and stays parked.`
    const events = outcomes.reduce((sum, each) => sum + (each.events ?? 0), 0)
    const words = `The ride ${name} goes on: ${countOf(events, 'event')} applied.`
    tell(words)
    announcements.say(words)
    return undefined
  }

  return (
    <li className="parked-ride" data-ride={rideId}>
      <p className="parked-summary">{error.summary}</p>
      <dl>
        <div>
          <dt>Ride</dt>
          <dd>
            <NameOfStream name={rideId} what="ride" />
          </dd>
        </div>
        <div>
          <dt>Event</dt>
          <dd>
            <EventType type={eventType} /> <span className="log-soft">version {rideVersion}</span>
          </dd>
        </div>
        <div>
          <dt>Projection</dt>
          <dd>
            {projection} <span className="log-soft">version {projectionVersion}</span>
          </dd>
        </div>
        <div>
          <dt>Parked</dt>
          <dd>
            <LogTime instant={parkedAt} />{' '}
            <span className="log-soft">after {countOf(attempts, 'attempt')}</span>
          </dd>
        </div>
      </dl>
      {error.where.length > 0 && (
        <details>
          <summary>Where in the code</summary>
          <pre>{error.where.join('\n')}</pre>
        </details>
      )}
      <div className="parked-actions">
        <button
          type="button"
          className="button button-small"
          aria-label={`Retry ${name}`}
          aria-disabled={retrying.isUnderWay}
          onClick={retrying.go}
        >
          {retrying.isUnderWay ? 'Retrying' : 'Retry'}
        </button>
        <AskFirst
          action="Skip the event"
          object={`of ${name}`}
          confirm="Skip it"
          keep="Leave it"
          about={`${eventType}, version ${rideVersion}, is skipped. ${missingOf(eventType)} will be missing until ${projection} is rebuilt. The events after it are applied.`}
          act={skip}
        />
      </div>
      {retrying.complaint !== undefined && (
        <p className="complaint" role="alert">
          {retrying.complaint}
        </p>
      )}
    </li>
  )
}

interface Outcome {
  readonly isParked: boolean
  readonly events: number | null
  readonly rideVersion: number | null
}

function missingOf(eventType: string): string {
  const what = missing[eventType] ?? 'what it says'
  return `${what[0]?.toUpperCase()}${what.slice(1)}`
}
