/** What the server does not take is kept, said, and can be taken out of the phone as a file. */
import { useNavigate } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useApp } from '../app/app.ts'
import { AskFirst } from '../forms/ask-first.tsx'
import { importsOf } from '../imports/imports-of.ts'
import { refusalInWords } from './answer.ts'
import { gpxOf, jsonOf } from './gpx.ts'
import { keptInWords } from './kept-words.ts'
import { counted } from './queue-words.ts'
import type { Recorder, RideHere } from './recorder.ts'
import { positionsNotTaken } from './recording.ts'

export function KeptHere({ recorder, ride: { queue, recording } }: { recorder: Recorder; ride: RideHere }) {
  const app = useApp()
  const navigate = useNavigate()
  const refusal = recording.stopped ?? recording.refused[0]?.refusal
  const why = refusal === undefined ? null : refusalInWords(refusal)
  // Once: how many they are changes with each position.
  useEffect(() => {
    if (why !== null) app.announcements.say(`${why} What was recorded is kept on this phone.`)
  }, [why, app])
  if (why === null) return null
  const { positions, positionsFrom } = queue
  const day = new Date(recording.startedAt).toISOString().slice(0, 10)
  const isOver = recording.status === 'ENDED'
  const canGo = isOver && (recording.stopped !== null || recording.waiting.length === 0)
  const gpx = () => gpxOf(recording, positions, positionsFrom)

  function importIt(): void {
    // Its rider knows of the part that the server has.
    importsOf(app).add([new File([gpx()], `slipstream-${day}.gpx`)], true)
    void navigate({ to: '/import', search: {} })
  }

  return (
    <section className="recorder-kept">
      <h3>{counted(positionsNotTaken(recording))} on this phone only</h3>
      <p>
        {why} {keptInWords(recording, positionsFrom)}
      </p>
      <div className="form-actions">
        {canGo && (
          <button type="button" className="button button-small button-main" onClick={importIt}>
            Import it
          </button>
        )}
        <button
          type="button"
          className="button button-small"
          onClick={() => download(`${day}.gpx`, 'application/gpx+xml', gpx())}
        >
          Download GPX
        </button>
        <button
          type="button"
          className="button button-small"
          onClick={() => download(`${day}.json`, 'application/json', jsonOf(recording, positions))}
        >
          Download JSON
        </button>
        {canGo && (
          <AskFirst
            action="Remove"
            object="the recording from this phone"
            act={() => recorder.discard(recording.rideId).then(() => undefined)}
          />
        )}
      </div>
    </section>
  )
}

function download(name: string, type: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type }))
  const link = document.createElement('a')
  link.href = address
  link.download = `slipstream-${name}`
  link.click()
  // The browser reads it after this turn.
  setTimeout(() => URL.revokeObjectURL(address), 60_000)
}
