/** What a component reads of one ride of the board: it renders again when that has changed, and not when others have. */
import { useCallback, useSyncExternalStore } from 'react'
import { useApp } from '../app/app.ts'
import { formatAgo } from './ago.ts'
import type { LiveEntry } from './live-board.ts'
import { ageMs } from './staleness.ts'

/** Undefined: it is not on the board. */
export function useEntry(rideId: string): LiveEntry | undefined {
  const { board } = useApp().live
  return useSyncExternalStore(board.subscribe, () => board.get()?.get(rideId))
}

/** How long ago something was heard of it, in words; they are made anew every second, and rendered where they are others. */
export function useAgo(entry: LiveEntry): string {
  const { beat, now } = useApp().live
  const words = useCallback(() => formatAgo(ageMs(entry, now())), [entry, now])
  return useSyncExternalStore(beat.subscribe, words)
}
