/** `/log/streams/$name`: the events of one stream, and what each says, beside the map. */
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { useIsWide } from '../app/drawer.tsx'
import { Notice } from '../app/notice.tsx'
import { CopyButton } from '../forms/copy-button.tsx'
import type { Stream } from './documents.ts'
import { EventContent } from './event-content.tsx'
import { FailureLine } from './failure-line.tsx'
import { LogFrame } from './log-frame.tsx'
import { countOf, shortNameOf, zone } from './log-words.ts'
import type { EventRead } from './read-event.ts'

import { StreamStatus } from './streams-page.tsx'
import { Timeline } from './timeline.tsx'
import { useEvent } from './use-event.ts'
import { useStream } from './use-stream.ts'
import { useStreamScene } from './use-stream-scene.ts'

export function StreamPage() {
  const { name } = useParams({ from: '/log/streams/$name' })
  return (
    <LogFrame title={`Stream ${shortNameOf(name)}`}>
      <StreamOf name={name} />
    </LogFrame>
  )
}

function StreamOf({ name }: { name: string }) {
  const { read, again } = useStream(name)

  switch (read.status) {
    case 'to come':
      return <div className="stream-page" role="status" aria-label="Loading" />
    case 'failed':
      return (
        <div className="log-page">
          <FailureLine failure={read.failure} again={again} />
        </div>
      )
    case 'missing':
      return (
        <Notice title="There is no such stream">
          <p>Each ride has one, named by its id. Check the id for missing characters.</p>
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
  const { read, again } = useEvent(name, selected)
  const event = read.status === 'there' ? read.event : null
  // What others measured is not shown, and of what is deleted nothing is left.
  const hasPlaces = isOwn && !isDeleted
  useStreamScene(hasPlaces ? name : null, event, selected === null)

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
    <article className="stream-page" data-has-places={hasPlaces}>
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
          <span className="log-soft">
            {partition > 0 && `partition ${partition}, `}times are in {zone}
          </span>
          {isOwn && !isDeleted && (
            <Link to="/rides/$rideId" params={{ rideId: name }}>
              The ride’s page
            </Link>
          )}
        </p>
        <JumpTo newest={newest} select={select} />
      </header>
      <Timeline name={name} newest={newest} selected={selected} select={select} />
      <div className="event-place" ref={place} data-is-open={selected !== null}>
        {selected === null ? (
          <p className="log-soft">Choose an event to see what it contains.</p>
        ) : (
          <EventPlace read={read} again={again} isDeleted={isDeleted} />
        )}
      </div>
    </article>
  )
}

function EventPlace({ read, again, isDeleted }: { read: EventRead; again: () => void; isDeleted: boolean }) {
  switch (read.status) {
    case 'to come':
      return <div className="event-to-come" role="status" aria-label="Loading" />
    case 'missing':
      return <p className="log-soft">This event is not there any more. Choose another one.</p>
    case 'failed':
      return <FailureLine failure={read.failure} again={again} />
    case 'there':
      return <EventContent event={read.event} isDeleted={isDeleted} />
    default:
      return read satisfies never
  }
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
