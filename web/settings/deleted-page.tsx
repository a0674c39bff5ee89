/** `/account/deleted`: what is left to say to whoever had an account. */
import { Link } from '@tanstack/react-router'
import { Notice } from '../app/notice.tsx'
import { useTitle } from '../app/page.tsx'
import { useArrival } from '../forms/arriving.ts'

export function DeletedPage() {
  const place = useArrival<HTMLDivElement>()
  useTitle('Your account is deleted')
  return (
    <div ref={place} tabIndex={-1} className="settings-deleted">
      <Notice title="Your account is deleted">
        <p>
          Nobody can see your rides any more. The rest of your data is being deleted from the database now,
          which takes a moment.
        </p>
        <Link to="/" search={{}} className="button">
          Live rides
        </Link>
      </Notice>
    </div>
  )
}
