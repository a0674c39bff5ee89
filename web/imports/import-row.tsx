/** A file, how much of it has gone, and what came of it. */
import { Link } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { useApp } from '../app/app.ts'
import type { ResultOf } from '../graphql/graphql.ts'
import { insist } from '../graphql/insist.ts'
import { formatStart, thisViewer } from '../rides/start.ts'
import { useFormats } from '../rides/use-formats.ts'
import { importedRideQuery } from './documents.ts'
import type { FileImport, ImportState } from './imports.ts'

interface Ways {
  retry(): void
  importAllTheSame(): void
}

export function ImportRow({ file: { name, state }, ...ways }: { file: FileImport } & Ways) {
  return (
    <li className="import-row" data-status={state.status.replaceAll(' ', '-')}>
      <span className="import-name">{name}</span>
      <Result name={name} state={state} {...ways} />
    </li>
  )
}

function Result({ name, state, retry, importAllTheSame }: { name: string; state: ImportState } & Ways) {
  switch (state.status) {
    case 'waiting':
      return <p className="import-result">Waiting</p>
    case 'sending': {
      const percent = Math.round(state.share * 100)
      return (
        <div className="import-result">
          <progress value={state.share} max={1} aria-label={`Sending ${name}`} />
          <span>{percent < 100 ? `${percent} %` : 'The server is reading it'}</span>
        </div>
      )
    }
    case 'imported':
    case 'there already':
      return <RideOfFile state={state} />
    case 'at same time':
      return <SameTime name={name} rideId={state.rideId} importAllTheSame={importAllTheSame} />
    case 'refused':
      return (
        <p className="import-result">
          <strong>Refused.</strong> {state.message}
        </p>
      )
    case 'failed':
      return (
        <div className="import-result">
          <p>
            <strong>Not sent.</strong> {state.message}
          </p>
          <button
            type="button"
            className="button button-small"
            aria-label={`Try ${name} again`}
            onClick={retry}
          >
            Try again
          </button>
        </div>
      )
    default:
      return state satisfies never
  }
}

type Imported = NonNullable<ResultOf<typeof importedRideQuery>['ride']>

function RideOfFile({
  state: { status, rideId, version, leftOut },
}: {
  state: ImportState & { status: 'imported' | 'there already' }
}) {
  const lost =
    leftOut === null || leftOut === 0
      ? ''
      : leftOut === 1
        ? '1 sample without a usable time was left out'
        : `${leftOut} samples without a usable time were left out`
  return (
    <p className="import-result">
      <span className="import-word">{status === 'imported' ? 'Imported' : 'Already there'}</span>{' '}
      <RideNamed rideId={rideId} version={version} note={lost} />
    </p>
  )
}

/** What one would not have twice by mistake. */
function SameTime({
  name,
  rideId,
  importAllTheSame,
}: {
  name: string
  rideId: string
  importAllTheSame(): void
}) {
  return (
    <div className="import-result">
      <p className="import-result">
        <span className="import-word">There is already a ride at this time:</span>{' '}
        <RideNamed rideId={rideId} version={null} note="" />
      </p>
      <button
        type="button"
        className="button button-small"
        aria-label={`Import ${name} all the same`}
        onClick={importAllTheSame}
      >
        Import all the same
      </button>
    </div>
  )
}

/** @param version in which it is shown at least; null: as it is. */
function RideNamed({ rideId, version, note }: { rideId: string; version: number | null; note: string }) {
  const { server } = useApp()
  const { distance } = useFormats()
  const [ride, setRide] = useState<Imported | null>(null)
  useEffect(() => {
    const leaving = new AbortController()
    void insist(server, importedRideQuery, { id: rideId, minVersion: version }, leaving.signal).then(
      (answer) => {
        if (answer.ok) setRide(answer.data.ride)
      },
    )
    return () => leaving.abort()
  }, [server, rideId, version])
  const ridden = distance(ride?.statistics?.distance ?? ride?.progress?.distance)
  const start = ride === null ? null : formatStart(ride.startedAt, ride.timeZone, thisViewer())
  return (
    <>
      <Link to="/rides/$rideId" params={{ rideId }} search={{}}>
        {start === null ? 'See the ride' : (ride?.title ?? start)}
      </Link>
      {start !== null && (
        <span className="import-facts">
          {ride?.title !== null && `${start} · `}
          {ridden.value} {ridden.unit}
          {note !== '' && ` · ${note}`}
        </span>
      )}
    </>
  )
}
