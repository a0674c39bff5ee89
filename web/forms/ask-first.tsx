/**
 * A button for what nothing brings back: it asks once more, beside the way out. Whoever leaves it as it is stands where he
 * stood; where it is done, whoever gave it says where to go on.
 */
import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react'
import type { Complaint } from './complaint.ts'
import { ComplaintLine } from './complaint-line.tsx'

export function AskFirst({
  action,
  object,
  confirm = action,
  keep: keepWord = 'Keep',
  about,
  act,
}: {
  /** What the button says. */
  action: string
  /** What it is done to: said to those who do not see what it stands beside. */
  object: string
  /** What the second button says, where that is another word. */
  confirm?: string
  /** What the way out says. */
  keep?: string
  /** What comes of it, for whoever is asked. */
  about?: ReactNode
  act: () => Promise<Complaint>
}) {
  const [status, setStatus] = useState<'ready' | 'asking' | 'acting' | 'left'>('ready')
  const [complaint, setComplaint] = useState<Complaint>()
  const first = useRef<HTMLButtonElement>(null)
  const keep = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    if (status === 'asking') keep.current?.focus()
    if (status === 'left') first.current?.focus()
  }, [status])

  async function go(): Promise<void> {
    if (status === 'acting') return
    setStatus('acting')
    const answer = await act()
    setComplaint(answer)
    // Where it is done, what it was done to is mostly gone; where it is not, it can be done again.
    setStatus(answer === undefined ? 'ready' : 'left')
  }

  function leave(event: KeyboardEvent): void {
    if (event.key === 'Escape' && status === 'asking') setStatus('left')
  }

  return (
    <>
      {status === 'asking' || status === 'acting' ? (
        <fieldset className="ask-first" aria-label={`${action} ${object}`} onKeyDown={leave}>
          {about !== undefined && <p className="ask-first-about">{about}</p>}
          <button
            type="button"
            className="button button-small button-wrong"
            aria-disabled={status === 'acting'}
            onClick={() => void go()}
          >
            {confirm}
          </button>
          <button type="button" className="button button-small" ref={keep} onClick={() => setStatus('left')}>
            {keepWord}
          </button>
        </fieldset>
      ) : (
        <button
          type="button"
          className="button button-small"
          aria-label={`${action} ${object}`}
          ref={first}
          onClick={() => {
            setComplaint(undefined)
            setStatus('asking')
          }}
        >
          {action}…
        </button>
      )}
      <ComplaintLine complaint={complaint} />
    </>
  )
}
