/** Ends the ride, and asks first: a ride that has ended does not go on. */
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'

export function EndButton({ end }: { end: () => void }) {
  const [status, setStatus] = useState<'ready' | 'asking' | 'left'>('ready')
  const first = useRef<HTMLButtonElement>(null)
  const keep = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    if (status === 'asking') keep.current?.focus()
    if (status === 'left') first.current?.focus()
  }, [status])

  function leave(event: KeyboardEvent): void {
    if (event.key === 'Escape') setStatus('left')
  }

  if (status === 'asking') {
    return (
      <fieldset className="recorder-asking" onKeyDown={leave}>
        <legend>End the ride? You cannot resume it afterwards.</legend>
        <button type="button" className="recorder-button recorder-end" onClick={end}>
          End the ride
        </button>
        <button type="button" className="recorder-button" ref={keep} onClick={() => setStatus('left')}>
          Keep riding
        </button>
      </fieldset>
    )
  }
  return (
    <button type="button" className="recorder-button" ref={first} onClick={() => setStatus('asking')}>
      End…
    </button>
  )
}
