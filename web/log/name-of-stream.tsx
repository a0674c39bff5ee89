/** A long name, shortened to what it is told apart by; the whole of it can be copied. */
import { Link } from '@tanstack/react-router'
import { CopyButton } from '../forms/copy-button.tsx'
import { shortNameOf } from './log-words.ts'

export function NameOfStream({ name, what = 'stream' }: { name: string; what?: string }) {
  return (
    <span className="log-name">
      <Link to="/log/streams/$name" params={{ name }} aria-label={`The ${what} ${shortNameOf(name)}`}>
        {shortNameOf(name)}
      </Link>
      <CopyButton text={() => name} what={`the name of the ${what} ${shortNameOf(name)}`} />
    </span>
  )
}
