/** A form whose answer may be a sentence: while it is asked nothing can be sent twice. */
import { type FormEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react'
import { arriveAt } from './arriving.ts'
import type { Complaint } from './complaint.ts'
import { ComplaintLine } from './complaint-line.tsx'

export function Form({
  action,
  submit,
  children,
  isQuiet = false,
  isWrong = false,
  isReady = true,
  cancel,
}: {
  /** What the button says. */
  action: string
  submit: (fields: FormData) => Promise<Complaint>
  children: ReactNode
  /** One field that is there already, and may be changed. */
  isQuiet?: boolean
  /** What it does nothing brings back. */
  isWrong?: boolean
  /** Without, its button looks as if it did nothing; `submit` says what it waits for. */
  isReady?: boolean
  /** Where the form was opened by a button, and can be left. Its first field has the focus. */
  cancel?: () => void
}) {
  const [complaint, setComplaint] = useState<Complaint>()
  const [isAsking, setAsking] = useState(false)
  const place = useRef<HTMLFormElement>(null)
  const isOpened = cancel !== undefined
  useEffect(() => {
    if (!isOpened) return
    arriveAt(place.current?.querySelector<HTMLElement>('input, select') ?? null)
    place.current?.scrollIntoView({ block: 'nearest' })
  }, [isOpened])

  async function send(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault()
    if (isAsking) return
    const form = event.currentTarget
    setAsking(true)
    setComplaint(undefined)
    const answer = await submit(new FormData(form))
    setAsking(false)
    setComplaint(answer)
  }

  return (
    <form
      ref={place}
      className={isQuiet ? 'form is-one-line' : 'form'}
      onSubmit={(event) => void send(event)}
    >
      {children}
      <ComplaintLine complaint={complaint} />
      <div className="form-actions">
        {/* Not disabled: it would lose the focus, and whoever is told what is the matter stands nowhere. */}
        <button
          type="submit"
          className={`button ${isWrong ? 'button-wrong' : isQuiet ? '' : 'button-main'}`}
          aria-disabled={isAsking || !isReady}
        >
          {action}
        </button>
        {cancel !== undefined && (
          <button type="button" className="button" onClick={cancel}>
            Cancel
          </button>
        )}
      </div>
    </form>
  )
}

export function Field({
  label,
  hint,
  ...input
}: { label: string; hint?: string } & React.InputHTMLAttributes<HTMLInputElement>) {
  const id = useId()
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input id={id} aria-describedby={hint === undefined ? undefined : `${id}-hint`} {...input} />
      {hint !== undefined && (
        <p className="field-hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  )
}

export function textOf(fields: FormData, name: string): string {
  const value = fields.get(name)
  return typeof value === 'string' ? value : ''
}
