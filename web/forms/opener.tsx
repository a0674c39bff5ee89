/**
 * A button in whose place comes what it opens, mostly a form. Where that is left again the button has the focus; where it was
 * filled in, what came about takes it.
 */
import { type ReactNode, useEffect, useRef, useState } from 'react'

export interface Opened {
  /** It is done: the focus goes elsewhere. */
  close(): void
  /** Nothing came about: on with what there was. */
  goBack(): void
}

export function Opener({
  label,
  isMain = false,
  isDisabled = false,
  className = '',
  opening,
  name,
  children,
}: {
  label: string
  /** The one thing to do on this page. */
  isMain?: boolean
  isDisabled?: boolean
  /** Of the button. */
  className?: string
  opening?: () => void
  /** Where the label says too little to those who do not see what it stands beside. */
  name?: string
  children: (opened: Opened) => ReactNode
}) {
  const [status, setStatus] = useState<'closed' | 'open' | 'left'>('closed')
  const button = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    if (status === 'left') button.current?.focus()
  }, [status])
  if (status === 'open') {
    return children({ close: () => setStatus('closed'), goBack: () => setStatus('left') })
  }
  return (
    <button
      type="button"
      className={`button ${isMain ? 'button-main' : ''} ${className}`}
      aria-label={name}
      disabled={isDisabled}
      ref={button}
      onClick={() => {
        opening?.()
        setStatus('open')
      }}
    >
      {label}
    </button>
  )
}
