/** Events of all streams as they come. */
import { useApp } from '../app/app.ts'
import type { LogEvent } from './documents.ts'
import { EventType, eventTypes } from './event-type.tsx'
import type { LiveRow } from './live-rows.ts'
import { LogTime } from './log-time.tsx'
import { bytesOf, countOf, wholeNumber, zone } from './log-words.ts'
import { NameOfStream } from './name-of-stream.tsx'
import { useLiveRows } from './use-live-rows.ts'

export function LiveEvents({
  type,
  chooseType,
}: {
  /** Of this type alone. */
  type: string | undefined
  chooseType: (type: string | undefined) => void
}) {
  const { announcements } = useApp()
  const { rows, status, waiting, pause, resume } = useLiveRows(type)
  const isPaused = status === 'paused'
  function toggle(): void {
    if (isPaused) resume()
    else pause()
    announcements.say(isPaused ? 'New events are shown as they come.' : 'The list is paused.')
  }
  return (
    <section className="log-section" aria-labelledby="live-events">
      <header className="log-section-head">
        <h2 id="live-events">
          Events as they arrive <span className="log-zone">Times are in {zone}</span>
        </h2>
        <label className="log-filter">
          <span className="visually-hidden">Type</span>
          <select value={type ?? ''} onChange={({ target }) => chooseType(target.value || undefined)}>
            <option value="">All types</option>
            {typesWith(type).map((each) => (
              <option key={each}>{each}</option>
            ))}
          </select>
        </label>
        <button type="button" className="button button-small" aria-pressed={isPaused} onClick={toggle}>
          {isPaused ? `Resume${waiting > 0 ? ` (${wholeNumber(waiting)} new)` : ''}` : 'Pause'}
        </button>
      </header>
      {status === 'refused' ? (
        <p className="log-soft">The server does not show you the events. Sign in as an administrator.</p>
      ) : status === 'to come' ? (
        <div className="live-events is-to-come" role="status" aria-label="Loading" />
      ) : rows.length === 0 ? (
        <p className="log-soft">
          {type === undefined
            ? 'No events yet. The first comes with the first ride.'
            : `No ${type} among the newest events. New ones appear here.`}
        </p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: whoever has no mouse scrolls it by keys.
        <section className="live-events-scroll" tabIndex={0} aria-label="The list of events">
          <ol className="live-events" aria-label="Events, the newest first" data-status={status}>
            {rows.map((row) => (
              <Row key={row.key} row={row} />
            ))}
          </ol>
        </section>
      )}
    </section>
  )
}

function Row({ row }: { row: LiveRow }) {
  if (row.kind === 'not shown') {
    return <li className="live-event is-passed-over">… {countOf(row.count, 'event')} not shown</li>
  }
  return <Event event={row.event} />
}

function Event({ event }: { event: LogEvent }) {
  const { streamName, partition, position, version, type, recordedAt, bytes } = event
  return (
    <li className="live-event" data-position={position}>
      <LogTime instant={recordedAt} now={Date.now()} />
      <EventType type={type} />
      <NameOfStream name={streamName} />
      <span className="live-version">
        <span className="log-soft">version</span> {wholeNumber(version)}
      </span>
      <span className="live-position">
        <span className="log-soft">{partition > 0 ? `partition ${partition}, position` : 'position'}</span>{' '}
        {wholeNumber(position)}
      </span>
      <span className="live-bytes">{bytesOf(bytes)}</span>
    </li>
  )
}

function typesWith(type: string | undefined): readonly string[] {
  return type === undefined || eventTypes.includes(type) ? eventTypes : [...eventTypes, type]
}
