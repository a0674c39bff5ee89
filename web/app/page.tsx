/** What pages have in common: their title, and the way back. */
import { Link } from '@tanstack/react-router'
import { type ReactNode, useEffect } from 'react'
import type { LeftHistory } from './way-back.ts'

/** Of the window. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Slipstream`
  }, [title])
}

export function BackLink({
  to,
  search = {},
}: {
  to: '/' | '/history'
  /** Of the history: what was looked for there. */
  search?: LeftHistory['search']
}) {
  const isAll = Object.keys(search).length === 0
  return (
    <Link to={to} search={to === '/' ? {} : search} className="back">
      <span aria-hidden="true">←</span> {to === '/' ? 'Live rides' : isAll ? 'All rides' : 'History'}
    </Link>
  )
}

/** A page of forms and of what one has made with them. */
export function FormPage({ children }: { children: ReactNode }) {
  return (
    <article className="form-page">
      <BackLink to="/" />
      {children}
    </article>
  )
}
