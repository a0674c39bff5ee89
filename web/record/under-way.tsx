/** While one rides: the figures large, the buttons where a thumb finds them. */
import { useState } from 'react'
import { useApp } from '../app/app.ts'
import { formatDuration, type Quantity } from '../rides/format.ts'
import { StatusPill } from '../rides/status-pill.tsx'
import { useFormats } from '../rides/use-formats.ts'
import { useCell } from '../state/use-cell.ts'
import { EndButton } from './end-button.tsx'
import { type KeepFault, keepFaultInWords } from './keep-fault.ts'
import { KeptHere } from './kept-here.tsx'
import { LocatingLine } from './locating-line.tsx'
import { QueueLine } from './queue-line.tsx'
import type { Recorder, RideHere } from './recorder.ts'
import { timerAt } from './recording.ts'
import { metresRidden, speedNow } from './ridden.ts'
import { ScreenLine } from './screen-line.tsx'
import { useNow } from './use-recorder.ts'

export function UnderWay({
  recorder,
  ride,
  fault,
}: {
  recorder: Recorder
  ride: RideHere
  fault: KeepFault | null
}) {
  const { announcements } = useApp()
  const { queue, recording } = ride
  const now = useNow()
  const { distance, speed } = useFormats()
  const onServer = useCell(recorder.onServer)
  const locating = useCell(recorder.locator.locating)
  const isPaused = recording.status === 'PAUSED'
  const [hasFailed, setFailed] = useState(false)
  const metresPerSecond = isPaused ? 0 : speedNow(queue, now)
  // A phone that knows where it is knows how fast as soon as it has moved on.
  const awaited = locating.status === 'found' ? 'Measuring…' : 'Waiting for a position…'
  const isUnwritten = fault !== null && hasFailed

  async function told(asked: Promise<boolean>, words: string): Promise<void> {
    const isDone = await asked
    setFailed(!isDone)
    if (isDone) announcements.say(words)
  }

  return (
    <>
      <div className="recorder-head">
        <StatusPill status={recording.status} />
        <span className="recorder-title">{recording.title ?? 'Ride'}</span>
      </div>
      <dl className="recorder-figures">
        <Figure
          name="Speed"
          quantity={metresPerSecond === null ? null : speed(metresPerSecond)}
          awaited={awaited}
          isLarge
        />
        <Figure name="Distance" quantity={distance(metresRidden(queue, onServer))} />
        <Figure name="Time" quantity={{ value: formatDuration(timerAt(recording, now) / 1_000), unit: '' }} />
      </dl>
      <div className="recorder-buttons">
        {isPaused ? (
          <button
            type="button"
            className="recorder-button recorder-go"
            onClick={() => {
              void told(recorder.resume(), 'The ride goes on.')
            }}
          >
            Resume
          </button>
        ) : (
          <button
            type="button"
            className="recorder-button recorder-pause"
            onClick={() => {
              void told(recorder.pause(), 'The ride is paused.')
            }}
          >
            Pause
          </button>
        )}
        <EndButton end={() => void told(recorder.end('now'), 'The ride has ended.')} />
      </div>
      {fault !== null && (
        <p className="complaint" role="alert">
          {keepFaultInWords(fault)}
          {isUnwritten && ' What you pressed last is not saved yet either.'}
        </p>
      )}
      <KeptHere recorder={recorder} ride={ride} />
      <div className="recorder-facts">
        <LocatingLine recorder={recorder} />
        <QueueLine recorder={recorder} recording={recording} />
        <ScreenLine recorder={recorder} />
      </div>
    </>
  )
}

/**
 * @param quantity null: it is not known yet, or not any more.
 * @param awaited what is shown then.
 */
function Figure({
  name,
  quantity,
  awaited,
  isLarge,
}: {
  name: string
  quantity: Quantity | null
  awaited?: string
  isLarge?: boolean
}) {
  return (
    <div className="recorder-figure" data-size={isLarge === true ? 'large' : undefined}>
      <dt>{name}</dt>
      {quantity === null ? (
        <dd>
          <span className="recorder-awaited">{awaited}</span>
        </dd>
      ) : (
        <dd>
          {quantity.value}
          {quantity.unit !== '' && <span className="unit"> {quantity.unit}</span>}
        </dd>
      )}
    </div>
  )
}
