/**
 * What came about, said to those who do not see it: one place of the page, which is there before anything is said in it. What is
 * to be seen too, since the page that it came of is left, has a place of its own: there the next word does not take its place.
 */
import { useEffect } from 'react'
import { type Cell, createCell } from '../state/cell.ts'
import { useCell } from '../state/use-cell.ts'
import { useApp } from './app.ts'

interface Announcement {
  readonly words: string
  readonly count: number
}

export interface Announcements {
  /** The newest; another one with the same words is said again. */
  readonly said: Cell<Announcement>
  readonly shown: Cell<Announcement | null>
  say(words: string): void
  /** Says it, and shows it for a while. */
  show(words: string): void
}

export function createAnnouncements(): Announcements {
  const said = createCell<Announcement>({ words: '', count: 0 })
  const shown = createCell<Announcement | null>(null)
  return {
    said,
    shown,
    say: (words) => said.set({ words, count: said.get().count + 1 }),
    show: (words) => shown.set({ words, count: (shown.get()?.count ?? 0) + 1 }),
  }
}

const shownForMs = 8_000

export function AnnouncementPlace() {
  const { announcements } = useApp()
  const { words, count } = useCell(announcements.said)
  const shown = useCell(announcements.shown)
  useEffect(() => {
    if (shown === null) return
    const timer = setTimeout(() => announcements.shown.set(null), shownForMs)
    return () => clearTimeout(timer)
  }, [shown, announcements])
  return (
    <>
      <div className="visually-hidden" role="status" data-testid="announcements">
        <span key={count}>{words}</span>
      </div>
      <div role="status" data-testid="shown-announcement">
        {shown !== null && (
          <p className="announcement" key={shown.count}>
            {shown.words}
          </p>
        )}
      </div>
    </>
  )
}
