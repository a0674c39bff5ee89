/** Play, pause, how fast, and where in the ride. */
import { useEffect, useState } from 'react'
import { formatDuration } from '../rides/format.ts'
import { useCell } from '../state/use-cell.ts'
import type { Moments } from './moments.ts'
import { playbackSpeeds } from './playback.ts'
import type { Playback } from './use-playback.ts'

export function PlaybackBar({ playback, moments }: { playback: Playback; moments: Moments }) {
  const { isPlaying, speed, end, toggle } = playback
  useSpaceKey(toggle)
  return (
    <fieldset className="playback" aria-label="Playback">
      <button
        type="button"
        className="icon-button playback-play"
        aria-label={isPlaying ? 'Pause the playback' : 'Play the ride back'}
        title={isPlaying ? 'Pause (space)' : 'Play (space)'}
        onClick={toggle}
      >
        <svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true" fill="currentColor">
          <path d={isPlaying ? 'M7 5h4v14H7zM13 5h4v14h-4z' : 'M8 5v14l11-7z'} />
        </svg>
      </button>
      <Scrubber playback={playback} moments={moments} end={end} />
      <label className="playback-speed">
        <span className="visually-hidden">Playback speed</span>
        <select
          value={speed}
          onChange={({ target }) => {
            const chosen = playbackSpeeds.find((each) => String(each) === target.value)
            if (chosen !== undefined) playback.setSpeed(chosen)
          }}
        >
          {playbackSpeeds.map((each) => (
            <option key={each} value={each}>
              {each}×
            </option>
          ))}
        </select>
      </label>
    </fieldset>
  )
}

function Scrubber({ playback, moments, end }: { playback: Playback; moments: Moments; end: number }) {
  const moment = useCell(moments.moment)
  // Where the pointer has left, it stays where it was.
  const [last, setLast] = useState(0)
  const at = moment?.time ?? last
  if (moment !== null && moment.time !== last) setLast(moment.time)
  return (
    <>
      <input
        type="range"
        className="playback-scrub"
        aria-label="Moment of the ride"
        aria-valuetext={`${formatDuration(at)} of ${formatDuration(end)}`}
        min={0}
        max={Math.ceil(end)}
        step={1}
        value={Math.round(at)}
        onChange={({ target }) => playback.seek(Math.min(end, Number(target.value)))}
      />
      <span className="playback-clock">
        {formatDuration(at)} <span className="soft">/ {formatDuration(end)}</span>
      </span>
    </>
  )
}

/** Where nothing that it would press or write into has the focus. */
function useSpaceKey(toggle: () => void): void {
  useEffect(() => {
    function press(event: KeyboardEvent): void {
      const { target } = event
      if (event.key !== ' ' || event.defaultPrevented || event.repeat) return
      if (target instanceof Element && target.closest('button, a, input, select, textarea, summary') !== null)
        return
      event.preventDefault()
      toggle()
    }
    document.addEventListener('keydown', press)
    return () => document.removeEventListener('keydown', press)
  }, [toggle])
}
