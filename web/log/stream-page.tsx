/** `/log/streams/$name`: the events of one stream, and what each says, beside the map. */
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { useIsWide } from '../app/drawer.tsx'
import { Notice } from '../app/notice.tsx'
import { CopyButton } from '../forms/copy-button.tsx'
import type { Stream } from './documents.ts'
import { EventContent } from './event-content.tsx'
import { LogFrame } from './log-frame.tsx'
import { countOf, shortNameOf } from './log-words.ts'
import { StreamStatus } from './streams-page.tsx'
import { Timeline } from './timeline.tsx'
import { useEvent, useStream } from './use-event.ts'
import { useEventScene } from './use-event-scene.ts'

export function StreamPage() {
  const { name } = useParams({ from: '/log/streams/$name' })
  return (
    <LogFrame title={`Stream ${shortNameOf(name)}`}>
      <StreamOf name={name} />
    </LogFrame>
  )
}

function StreamOf({ name }: { name: string }) {
  const read = useStream(name)
  switch (read.status) {
    case 'to come':
      return <div className="stream-page" role="status" aria-label="Loading" />
    case 'missing':
      return (
        <Notice title="There is no such stream">
          <p>Each ride is one, under its id. Check it for missing characters.</p>
          <Link to="/log/streams" className="button">
            All streams
          </Link>
        </Notice>
      )
    case 'there':
      return <StreamThere stream={read.stream} />
    default:
      return read satisfies never
  }
}

function StreamThere({ stream }: { stream: Stream }) {
  const { name, version: newest, isOwn, isDeleted, partition } = stream
  const { version } = useSearch({ from: '/log/streams/$name' })
  const navigate = useNavigate({ from: '/log/streams/$name' })
  const selected = version === undefined || version > newest ? null : version
  const event = useEvent(name, selected)
  useEventScene(event)

  const place = useRef<HTMLDivElement>(null)
  const isWide = useIsWide()
  const shown = event?.version
  useEffect(() => {
    // Where it does not stand beside the list it may be out of sight.
    if (!isWide && shown !== undefined) place.current?.scrollIntoView({ block: 'nearest' })
  }, [isWide, shown])

  function select(wanted: number): void {
    void navigate({ search: (search) => ({ ...search, version: wanted }), replace: true })
  }

  return (
    <article className="stream-page">
      <header className="stream-head">
        <Link to="/log/streams" className="back">
          <span aria-hidden="true">←</span> Streams
        </Link>
        <h1>
          Stream <code>{shortNameOf(name)}</code>
          <CopyButton text={() => name} what="the name of the stream" />
        </h1>
        <p className="stream-about">
          <StreamStatus stream={stream} /> {countOf(newest, 'event')}
          <span className="log-soft"> in partition {partition}</span>
          {isOwn && !isDeleted && (
            <Link to="/rides/$rideId" params={{ rideId: name }}>
              The ride's page
            </Link>
          )}
        </p>
        <JumpTo newest={newest} select={select} />
      </header>
      <Timeline name={name} newest={newest} selected={selected} select={select} />
      <div className="event-place" ref={place} data-is-open={selected !== null}>
        {selected === null ? (
          <p className="log-soft">Choose an event, and it is shown here what it says.</p>
        ) : event === null ? (
          <div className="event-to-come" role="status" aria-label="Loading" />
        ) : (
          <EventContent event={event} isDeleted={isDeleted} />
        )}
      </div>
    </article>
  )
}

function JumpTo({ newest, select }: { newest: number; select: (version: number) => void }) {
  const [text, setText] = useState('')
  function jump(event: FormEvent): void {
    event.preventDefault()
    const version = Number(text)
    if (Number.isInteger(version) && version > 0) select(Math.min(newest, version))
  }
  return (
    <form className="jump-to" onSubmit={jump}>
      <button type="button" className="button button-small" onClick={() => select(1)}>
        First
      </button>
      <button type="button" className="button button-small" onClick={() => select(newest)}>
        Newest
      </button>
      <label>
        Version
        <input
          inputMode="numeric"
          pattern="[0-9]+"
          size={6}
          value={text}
          placeholder={`1–${newest}`}
          onChange={({ target }) => setText(target.value)}
        />
      </label>
      <button type="submit" className="button button-small">
        Go
      </button>
    </form>
  )
}
