/** Before a ride: what it is called, who sees it, and whether the phone knows where it is. */
import { Link } from '@tanstack/react-router'
import { useId, useState } from 'react'
import { useApp } from '../app/app.ts'
import type { Complaint } from '../forms/complaint.ts'
import { ComplaintLine } from '../forms/complaint-line.tsx'
import { visibilities } from '../share/share-words.ts'
import { useCell } from '../state/use-cell.ts'
import type { Visibility } from './entries.ts'
import { KeptHere } from './kept-here.tsx'
import { LocatingLine } from './locating-line.tsx'
import { QueueLine } from './queue-line.tsx'
import type { Recorder, RecorderView } from './recorder.ts'

const storageKey = 'slipstream.record.visibility'

export function StartRide({
  recorder,
  view: { earlier, lastSentId, hasOthers },
}: {
  recorder: Recorder
  view: RecorderView & { status: 'ready' }
}) {
  const { announcements } = useApp()
  const id = useId()
  const [visibility, setVisibility] = useState<Visibility>(() =>
    visibilityOf(window.localStorage.getItem(storageKey)),
  )
  const [complaint, setComplaint] = useState<Complaint>()
  const [isStarting, setStarting] = useState(false)
  const locating = useCell(recorder.locator.locating)
  const hint = visibilities.find(({ value }) => value === visibility)?.hint

  async function start(fields: FormData): Promise<void> {
    if (isStarting) return
    setStarting(true)
    window.localStorage.setItem(storageKey, visibility)
    const answer = await recorder.start(String(fields.get('title') ?? ''), visibility)
    setStarting(false)
    setComplaint(answer)
    const view = recorder.view.get()
    if (view.status === 'ready' && view.current !== null) announcements.say('The ride is being recorded.')
  }

  return (
    <>
      <form
        className="recorder-start"
        onSubmit={(event) => {
          event.preventDefault()
          void start(new FormData(event.currentTarget))
        }}
      >
        <LocatingLine recorder={recorder} />
        <button
          type="submit"
          className="recorder-button recorder-go"
          aria-disabled={isStarting || locating.status === 'insecure'}
        >
          {isStarting ? 'Finding the position…' : 'Start'}
        </button>
        <ComplaintLine complaint={complaint} />
        <div className="field">
          <label htmlFor={`${id}-title`}>Title</label>
          <input
            id={`${id}-title`}
            name="title"
            maxLength={200}
            autoComplete="off"
            placeholder="Left empty: named by the time of day"
          />
        </div>
        <div className="field">
          <label htmlFor={`${id}-visibility`}>Who sees it</label>
          <select
            id={`${id}-visibility`}
            value={visibility}
            aria-describedby={`${id}-hint`}
            onChange={({ target }) => setVisibility(visibilityOf(target.value))}
          >
            {visibilities.map(({ value, label }) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </select>
          <p className="field-hint" id={`${id}-hint`}>
            {hint}
          </p>
        </div>
        <p className="note">
          Keep this page in front and the screen on: browsers record no positions while it is hidden. Without
          a network everything is kept on this phone and sent later.
        </p>
      </form>
      {lastSentId !== null && (
        <p className="recorder-last">
          Your last ride is on the server.{' '}
          <Link to="/rides/$rideId" params={{ rideId: lastSentId }} search={{}}>
            See it
          </Link>
        </p>
      )}
      {earlier.map((ride) => (
        <section key={ride.queue.rideId} className="recorder-earlier">
          <h2>{ride.recording.title ?? 'An earlier ride'}</h2>
          <QueueLine recorder={recorder} recording={ride.recording} />
          <KeptHere recorder={recorder} ride={ride} />
        </section>
      ))}
      {hasOthers && (
        <p className="note">
          A ride of another account is waiting on this phone. It is sent when that account signs in here.
        </p>
      )}
    </>
  )
}

function visibilityOf(text: string | null): Visibility {
  return visibilities.find(({ value }) => value === text)?.value ?? 'PRIVATE'
}
