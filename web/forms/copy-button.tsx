/** A button that takes a text to the clipboard and says so. */
import { type ReactNode, useEffect, useState } from 'react'
import { useApp } from '../app/app.ts'
import { toClipboard } from './to-clipboard.ts'

const saidForMs = 2_500

export function CopyButton({
  text,
  what,
  label,
  children,
  className = children === undefined ? 'copy-icon' : 'button',
}: {
  /** Asked for when it is copied. */
  text(): string
  /** What is copied, in the middle of a sentence: "the link". */
  what: string
  /** Where what it shows does not say enough. */
  label?: string
  /** Without, an icon is shown. */
  children?: ReactNode
  className?: string
}) {
  const { announcements } = useApp()
  const [outcome, setOutcome] = useState<'copied' | 'failed' | null>(null)
  useEffect(() => {
    if (outcome === null) return
    const timer = setTimeout(() => setOutcome(null), saidForMs)
    return () => clearTimeout(timer)
  }, [outcome])

  async function copy(): Promise<void> {
    const isCopied = await toClipboard(text())
    setOutcome(isCopied ? 'copied' : 'failed')
    announcements.say(isCopied ? `Copied: ${what}.` : `The browser does not let ${what} be copied.`)
  }

  if (children === undefined)
    return (
      <button
        type="button"
        className={className}
        title="Copy"
        aria-label={label ?? `Copy ${what}`}
        onClick={() => void copy()}
      >
        <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
          <path d={outcome === 'copied' ? tick : twoSheets} />
        </svg>
      </button>
    )
  return (
    <button type="button" className={className} aria-label={label} onClick={() => void copy()}>
      {outcome === null ? children : outcome === 'copied' ? 'Copied' : 'Not copied'}
    </button>
  )
}

const twoSheets = 'M5.5 5.5v-3h8v8h-3M2.5 5.5h8v8h-8z'
const tick = 'M3 8.5l3.5 3.5L13 4.5'
