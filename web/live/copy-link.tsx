/** A button that takes an address to the clipboard and says so. */
import { type ReactNode, useEffect, useState } from 'react'
import { useApp } from '../app/app.ts'

const saidForMs = 2_500

export function CopyLink({
  address,
  children,
  label,
  className = 'button',
}: {
  /** Asked for when it is copied. */
  address(): string
  children: ReactNode
  /** Where what it shows does not say which link. */
  label?: string
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
    const isCopied = await write(address())
    setOutcome(isCopied ? 'copied' : 'failed')
    announcements.say(isCopied ? 'The link is copied.' : 'The browser does not let the link be copied.')
  }

  return (
    <button type="button" className={className} aria-label={label} onClick={() => void copy()}>
      {outcome === null ? children : outcome === 'copied' ? 'Copied' : 'Not copied'}
    </button>
  )
}

async function write(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    // Over plain HTTP there is no clipboard, but what is selected can be copied.
    return writeBySelection(text)
  }
}

function writeBySelection(text: string): boolean {
  const before = document.activeElement
  const field = document.createElement('textarea')
  field.value = text
  field.className = 'visually-hidden'
  document.body.append(field)
  field.select()
  const isCopied = document.execCommand('copy')
  field.remove()
  if (before instanceof HTMLElement) before.focus()
  return isCopied
}
