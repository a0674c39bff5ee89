/**
 * What came about, said to those who do not see it: one place of the page, which is there before anything is said in it. What nobody
 * else could see either, since the page that it came of is left, is shown for a while as well.
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
  /** Says it, and shows it. */
  show(words: string): void
}

export function createAnnouncements(): Announcements {
  const said = createCell<Announcement>({ words: '', count: 0 })
  const shown = createCell<Announcement | null>(null)
  const say = (words: string) => said.set({ words, count: said.get().count + 1 })
  return {
    said,
    shown,
    say,
    show(words) {
      say(words)
      shown.set(said.get())
    },
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
      {shown !== null && (
        <p className="announcement" aria-hidden="true">
          {shown.words}
        </p>
      )}
    </>
  )
}
