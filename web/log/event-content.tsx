/** One event: where it stands, and what it says, as far as that is shown. */
import { CopyButton } from '../forms/copy-button.tsx'
import type { FullEvent } from './documents.ts'
import { EventType } from './event-type.tsx'
import { JsonView } from './json-view.tsx'
import { LogTime } from './log-time.tsx'
import { bytesOf, shortNameOf, wholeNumber } from './log-words.ts'
import { delayOf } from './timeline-rows.ts'

export function EventContent({ event, isDeleted }: { event: FullEvent; isDeleted: boolean }) {
  const { version, position, type, schemaVersion, eventId, recordedAt, at, bytes, content } = event
  return (
    <section className="event-content" aria-label={`Version ${version}`} data-version={version}>
      <h2>
        <EventType type={type} /> <span className="log-soft">version {wholeNumber(version)}</span>
      </h2>
      <dl className="event-facts">
        <Fact name="Recorded">
          <LogTime instant={recordedAt} />
        </Fact>
        {at !== null && (
          <Fact name="Happened">
            <LogTime instant={at} />
            <span className="event-delay log-soft">recorded {delayOf(event)}</span>
          </Fact>
        )}
        <Fact name="Position in the log">{wholeNumber(position)}</Fact>
        <Fact name="Schema version">{schemaVersion}</Fact>
        <Fact name="Size">{bytesOf(bytes)}</Fact>
        <Fact name="Event">
          <span className="log-name">
            <code>{shortNameOf(eventId)}</code>
            <CopyButton text={() => eventId} what="the event’s id" />
          </span>
        </Fact>
      </dl>
      {content?.isWithheld === true && !isDeleted && (
        <p className="note">
          This is somebody else’s ride. What its rider wrote or measured, and who sent it, is withheld.
        </p>
      )}
      {content === null || content.data === null ? (
        <p className="note">Its content is gone: the ride was deleted.</p>
      ) : (
        <>
          <Json title="Data" value={content.data} />
          {content.metadata !== null && <Json title="Metadata" value={content.metadata} />}
        </>
      )}
    </section>
  )
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}

function Json({ title, value }: { title: string; value: unknown }) {
  return (
    <div className="json">
      <h3>
        {title}
        <CopyButton text={() => JSON.stringify(value, null, 2)} what={title.toLowerCase()} />
      </h3>
      <JsonView value={value} />
    </div>
  )
}
