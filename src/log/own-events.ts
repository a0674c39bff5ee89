/**
 * What this process has appended itself, kept until its follower comes to it, so that it need not be read back. Only what
 * stands right behind the follower's place can be taken; where others have appended between, those are read from the log first.
 */
import type { AppendEntry, AppendResult } from './append.ts'

/** Events of one entry, as they were appended: one after the other. */
export interface OwnEvents {
  readonly entry: AppendEntry
  readonly firstVersion: number
  readonly firstPosition: number
  /** Milliseconds since 1970, by the database's clock. */
  readonly recordedAt: number
}

export interface OwnAppends {
  /** Those that stand, without a gap, right behind a position. What stands before it is let go of. */
  takeBehind(position: number): readonly OwnEvents[]
  /** How many commits were begun, and how many are done. What one appends is known here as soon as it is done. */
  readonly begun: number
  readonly done: number
  /** Where the first of those begins that were not taken yet; undefined where there is none. */
  readonly next: number | undefined
  /** Calls `hear` whenever a commit is done. Answers how to stop, after which nothing is kept. */
  follow(hear: () => void): () => void
}

export interface KeptAppends extends OwnAppends {
  /** A commit begins. Each is followed by `end`, whatever became of it. */
  begin(): void
  end(): void
  keep(entries: readonly AppendEntry[], results: readonly AppendResult[], recordedAt: number): void
}

/** A follower that is so far behind reads from the log. Two bytes a character at most. */
const mostKeptCharacters = 8 * 1024 * 1024

export function keepOwnAppends(): KeptAppends {
  let kept: OwnEvents[] = []
  let hear: (() => void) | undefined
  let characters = 0
  let begun = 0
  let done = 0

  function drop(count: number): void {
    for (let index = 0; index < count; index++) characters -= charactersOf(kept[index]!.entry)
    kept = kept.slice(count)
  }

  return {
    get begun() {
      return begun
    },
    get done() {
      return done
    },
    begin() {
      begun++
    },
    end() {
      done++
      hear?.()
    },
    get next() {
      return kept[0]?.firstPosition
    },
    takeBehind(position) {
      let passed = 0
      while (passed < kept.length && kept[passed]!.firstPosition <= position) passed++
      let end = passed
      for (let next = position + 1; kept[end]?.firstPosition === next; end++) {
        next += kept[end]!.entry.events.length
      }
      const taken = kept.slice(passed, end)
      drop(end)
      return taken
    },
    follow(told) {
      hear = told
      return () => {
        hear = undefined
        drop(kept.length)
      }
    },
    keep(entries, results, recordedAt) {
      if (hear === undefined) return
      for (let index = 0; index < entries.length; index++) {
        const result = results[index]!
        if (result.outcome !== 'appended') continue
        const { firstVersion, firstPosition } = result
        const entry = entries[index]!
        kept.push({ entry, firstVersion, firstPosition, recordedAt })
        characters += charactersOf(entry)
      }
      if (characters > mostKeptCharacters) drop(kept.length >> 1)
    },
  }
}

/** With what an event takes beside its texts, about. */
function charactersOf({ events, state }: AppendEntry): number {
  let characters = state?.length ?? 0
  for (const { data, metadata } of events) characters += data.length + (metadata?.length ?? 0) + 200
  return characters
}
