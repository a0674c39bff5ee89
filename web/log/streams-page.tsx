/** `/log/streams`: the streams that moved last, or those that are searched for. */
import { useNavigate, useSearch } from '@tanstack/react-router'
import { type FormEvent, useEffect, useState } from 'react'

import { StatusPill } from '../rides/status-pill.tsx'
import type { Stream } from './documents.ts'
import { EventType } from './event-type.tsx'
import { FailureLine } from './failure-line.tsx'
import { LogFrame, LogWays } from './log-frame.tsx'
import { LogTime } from './log-time.tsx'
import { wholeNumber, zone } from './log-words.ts'
import { NameOfStream } from './name-of-stream.tsx'
import { useStreams } from './use-streams.ts'

export function StreamsPage() {
  return (
    <LogFrame title="Streams">
      <Streams />
    </LogFrame>
  )
}

function Streams() {
  const { search } = useSearch({ from: '/log/streams' })
  const { streams, failure, hasMore, isReading, readMore, again } = useStreams(search)
  return (
    <article className="log-page">
      <header className="log-head">
        <h1>The log</h1>
        <LogWays />
      </header>
      <SearchField key={search} search={search} />
      {failure !== null && <FailureLine failure={failure} again={again} />}
      {(streams !== null || failure === null) && <Found streams={streams} search={search} />}
      {hasMore && (
        <button type="button" className="button log-more" aria-disabled={isReading} onClick={readMore}>
          {isReading ? 'Loading' : 'Show older'}
        </button>
      )}
    </article>
  )
}

function SearchField({ search }: { search: string | undefined }) {
  const navigate = useNavigate({ from: '/log/streams' })
  const [text, setText] = useState(search ?? '')
  function go(wanted: string): void {
    void navigate({
      search: ({ search: _, ...rest }) => (wanted === '' ? rest : { ...rest, search: wanted }),
    })
  }
  function submit(event: FormEvent): void {
    event.preventDefault()
    go(text.trim())
  }
  return (
    <search>
      <form className="stream-search" onSubmit={submit}>
        <label className="field">
          A ride’s id
          <span className="stream-search-line">
            <input
              type="search"
              value={text}
              spellCheck={false}
              autoComplete="off"
              onChange={({ target }) => setText(target.value)}
            />
            <button type="submit" className="button">
              Find
            </button>
            {search !== undefined && (
              <button type="button" className="button" onClick={() => go('')}>
                All
              </button>
            )}
          </span>
          <span className="field-hint">
            For your own and for deleted rides its first four characters are enough. For another rider’s ride
            enter the whole id.
          </span>
        </label>
      </form>
    </search>
  )
}

function Found({ streams, search }: { streams: readonly Stream[] | null; search: string | undefined }) {
  const now = useNow()
  if (streams === null) return <div className="streams-to-come" role="status" aria-label="Loading" />
  if (streams.length === 0) {
    return (
      <p className="log-soft">
        {search === undefined
          ? 'No streams yet. Each ride becomes one when it starts.'
          : 'No stream has this id. For another rider’s ride the whole id is needed: it is in the address of the ride’s page.'}
      </p>
    )
  }
  return (
    <table className="log-table streams-table">
      <thead>
        <tr>
          <th scope="col">Stream</th>
          <th scope="col">Status</th>
          <th scope="col" className="is-number">
            Version
          </th>
          <th scope="col">Last event</th>
          <th scope="col">
            Recorded <span className="log-zone">({zone})</span>
          </th>
          <th scope="col" className="is-number">
            Position
          </th>
        </tr>
      </thead>
      <tbody>
        {streams.map((stream) => (
          <tr key={stream.name} data-stream={stream.name}>
            <th scope="row">
              <NameOfStream name={stream.name} /> {stream.isOwn && <span className="log-soft">yours</span>}
            </th>
            <td data-label="Status">
              <StreamStatus stream={stream} />
            </td>
            <td data-label="Version" className="is-number">
              {wholeNumber(stream.version)}
            </td>
            <td data-label="Last event">
              <EventType type={stream.newestType} />
            </td>
            <td data-label="Recorded">
              <LogTime instant={stream.recordedAt} now={now} />
            </td>
            <td data-label="Position" className="is-number">
              {stream.partition > 0 && <span className="log-soft">{stream.partition}: </span>}
              {wholeNumber(stream.position)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

export function StreamStatus({ stream }: { stream: Stream }) {
  if (stream.isDeleted) {
    return <span className="log-gone">{stream.isRedacted ? 'Deleted, content gone' : 'Deleted'}</span>
  }
  return stream.status === null ? null : <StatusPill status={stream.status} />
}

/** When the page was opened: which day is today. */
function useNow(): number {
  const [now, setNow] = useState(Date.now)
  useEffect(() => setNow(Date.now()), [])
  return now
}
