/** What came about, said to those who do not see it: one place of the page, which is there before anything is said in it. */
import { type Cell, createCell } from '../state/cell.ts'
import { useCell } from '../state/use-cell.ts'
import { useApp } from './app.ts'

export interface Announcements {
  /** The newest; another one with the same words is said again. */
  readonly said: Cell<{ readonly words: string; readonly count: number }>
  say(words: string): void
}

export function createAnnouncements(): Announcements {
  const said = createCell({ words: '', count: 0 })
  return { said, say: (words) => said.set({ words, count: said.get().count + 1 }) }
}

export function AnnouncementPlace() {
  const { words, count } = useCell(useApp().announcements.said)
  return (
    <div className="visually-hidden" role="status" data-testid="announcements">
      <span key={count}>{words}</span>
    </div>
  )
}
