/** What a panel says when there is nothing to show: what is the case, and what to do about it. */
import { type ErrorComponentProps, Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'

export function Notice({
  title,
  children,
  isAlert,
}: {
  title: string
  children: ReactNode
  isAlert?: boolean
}) {
  return (
    <section className="notice" role={isAlert === true ? 'alert' : undefined}>
      <h2>{title}</h2>
      {children}
    </section>
  )
}

export function NoSuchPage() {
  return (
    <Notice title="There is no such page">
      <p>The address may be incomplete.</p>
      <Link to="/" className="button">
        Live rides
      </Link>
    </Notice>
  )
}

export function PageFault({ reset }: ErrorComponentProps) {
  return (
    <Notice title="This page could not be shown" isAlert>
      <p>The fault is in the page. Your rides are safe.</p>
      <button type="button" className="button" onClick={reset}>
        Try again
      </button>
    </Notice>
  )
}
