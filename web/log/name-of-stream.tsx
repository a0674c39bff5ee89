/** A long name, shortened to what it is told apart by; the whole of it can be copied. */
import { Link } from '@tanstack/react-router'
import { useApp } from '../app/app.ts'
import { shortNameOf } from './log-words.ts'

export function NameOfStream({ name, what = 'stream' }: { name: string; what?: string }) {
  return (
    <span className="log-name">
      <Link to="/log/streams/$name" params={{ name }} aria-label={`The ${what} ${shortNameOf(name)}`}>
        {shortNameOf(name)}
      </Link>
      <CopyButton text={name} what={`the name of the ${what} ${shortNameOf(name)}`} />
    </span>
  )
}

export function CopyButton({ text, what }: { text: string; what: string }) {
  const { announcements } = useApp()
  async function copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(text)
      announcements.say('Copied.')
    } catch {
      announcements.say('The browser did not let it be copied.')
    }
  }
  return (
    <button
      type="button"
      className="log-copy"
      title="Copy"
      aria-label={`Copy ${what}`}
      onClick={() => void copy()}
    >
      <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
        <path d="M5.5 5.5v-3h8v8h-3M2.5 5.5h8v8h-8z" />
      </svg>
    </button>
  )
}
