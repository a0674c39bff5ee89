/** Several things of one's own in a list: what each is called, what is to be known of it, and what can be done with it. */
import type { ReactNode, RefObject } from 'react'

export function Entries({ label, children }: { label: string; children: ReactNode }) {
  return (
    <ul className="entries" aria-label={label}>
      {children}
    </ul>
  )
}

/** In their place while they are asked for. */
export function EntriesToCome() {
  return <div className="entries entries-to-come" role="status" aria-label="Loading" />
}

export function Entry({
  name,
  about,
  heading,
  children,
}: {
  name: string
  about: ReactNode
  /** Where the focus goes when it has come about. */
  heading?: RefObject<HTMLHeadingElement | null>
  /** What can be done with it. */
  children: ReactNode
}) {
  return (
    <li className="entry">
      <div className="entry-about">
        <h3 className="entry-name" ref={heading} tabIndex={-1}>
          {name}
        </h3>
        <p className="entry-more">{about}</p>
      </div>
      {children}
    </li>
  )
}
