/** What pages have in common: their title, and the way back. */
import { Link } from '@tanstack/react-router'
import { type ReactNode, useEffect } from 'react'

/** Of the window. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Slipstream`
  }, [title])
}

export function BackLink({ to }: { to: '/' | '/history' }) {
  return (
    <Link to={to} className="back">
      <span aria-hidden="true">←</span> {to === '/' ? 'Live rides' : 'All rides'}
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
