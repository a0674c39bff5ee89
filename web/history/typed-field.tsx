/** A field whose value goes into the address a moment after one has stopped typing, and at once by Enter or when one leaves it. */
import { type InputHTMLAttributes, type ReactNode, useEffect, useRef, useState } from 'react'

const pauseMs = 300

export function TypedField({
  label,
  value,
  commit,
  isLabelHidden = false,
  after,
  ...input
}: {
  label: string
  value: string
  commit: (value: string) => void
  isLabelHidden?: boolean
  after?: ReactNode
} & Omit<InputHTMLAttributes<HTMLInputElement>, 'value' | 'onChange' | 'onBlur' | 'onKeyDown'>) {
  const [typed, setTyped] = useState(value)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  /** What the address was last told, or has said. */
  const told = useRef(value)
  const commitNow = useRef(commit)
  commitNow.current = commit

  // Something else has changed it, such as a preset, a chip that was dropped, or going back.
  useEffect(() => {
    if (value === told.current) return
    told.current = value
    clearTimeout(timer.current)
    setTyped(value)
  }, [value])
  useEffect(() => () => clearTimeout(timer.current), [])

  function tell(text: string): void {
    clearTimeout(timer.current)
    if (text.trim() === told.current.trim()) return
    told.current = text.trim()
    commitNow.current(text)
  }

  return (
    <label className="history-field">
      <span className={isLabelHidden ? 'visually-hidden' : undefined}>{label}</span>
      <span className="history-field-input">
        <input
          {...input}
          value={typed}
          onChange={({ currentTarget }) => {
            const text = currentTarget.value
            setTyped(text)
            clearTimeout(timer.current)
            timer.current = setTimeout(() => tell(text), pauseMs)
          }}
          onBlur={() => tell(typed)}
          onKeyDown={({ key }) => {
            if (key === 'Enter') tell(typed)
          }}
        />
        {after}
      </span>
    </label>
  )
}
