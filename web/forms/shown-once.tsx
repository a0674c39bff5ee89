/** What is shown this once and is to be copied: a key, or a link. */
import { type ReactNode, useEffect, useId, useRef, useState } from 'react'
import { useArrival } from './arriving.ts'
import { toClipboard } from './to-clipboard.ts'

export function ShownOnce({
  label,
  value,
  children,
  done,
}: {
  label: string
  value: string
  /** What to do with it. */
  children: ReactNode
  done: () => void
}) {
  const id = useId()
  const field = useArrival<HTMLTextAreaElement>()
  const box = useRef<HTMLDivElement>(null)
  const [isCopied, setCopied] = useState(false)
  useEffect(() => {
    // New browsers answer with a promise, which is no way to end an effect.
    void box.current?.scrollIntoView({ block: 'nearest' })
  }, [])

  async function copy(): Promise<void> {
    setCopied(await toClipboard(value))
    // Where it may not, it is selected, and is copied by hand.
    field.current?.select()
  }

  return (
    <div className="shown-once" ref={box}>
      <p id={`${id}-about`}>{children}</p>
      {/* In as many lines as it takes to see all of it. */}
      <textarea
        readOnly
        rows={Math.ceil(value.length / 36)}
        ref={field}
        value={value}
        aria-label={label}
        aria-describedby={`${id}-about`}
        onFocus={({ target }) => target.select()}
      />
      <div className="form-actions">
        <button type="button" className="button button-main" onClick={() => void copy()}>
          {isCopied ? 'Copied' : 'Copy'}
        </button>
        <button type="button" className="button" onClick={done}>
          Done
        </button>
      </div>
    </div>
  )
}
