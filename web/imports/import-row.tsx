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

export function ImportRow({ file: { name, state }, retry }: { file: FileImport; retry: () => void }) {
  return (
    <li className="import-row" data-status={state.status.replaceAll(' ', '-')}>
      <span className="import-name">{name}</span>
      <Result name={name} state={state} retry={retry} />
    </li>
  )
}

function Result({ name, state, retry }: { name: string; state: ImportState; retry: () => void }) {
  switch (state.status) {
    case 'waiting':
      return <p className="import-result">Waits</p>
    case 'sending': {
      const percent = Math.round(state.share * 100)
      return (
        <div className="import-result">
          <progress value={state.share} max={1} aria-label={`Sending ${name}`} />
          <span>{percent < 100 ? `${percent} %` : 'The server reads it'}</span>
        </div>
      )
    }
    case 'imported':
    case 'there already':
      return <RideOfFile state={state} />
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
    <p className="import-result">
      <span className="import-word">{status === 'imported' ? 'Imported' : 'Already there'}</span>{' '}
      <Link to="/rides/$rideId" params={{ rideId }} search={{}}>
        {start === null ? 'See the ride' : (ride?.title ?? start)}
      </Link>
      {start !== null && (
        <span className="import-facts">
          {ride?.title !== null && `${start} · `}
          {ridden.value} {ridden.unit}
          {leftOut !== null && leftOut > 0 && ` · ${leftOut} samples without a usable time were left out`}
        </span>
      )}
    </p>
  )
}
