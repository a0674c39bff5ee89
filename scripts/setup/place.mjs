/** Where the project is, and which of two things in it is newer. */
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../..', import.meta.url))

/** When a file was last changed, in milliseconds; -Infinity where there is none. */
export function changedAt(path) {
  const stats = statSync(join(root, path), { throwIfNoEntry: false })
  return stats === undefined ? Number.NEGATIVE_INFINITY : stats.mtimeMs
}

/** When anything in a folder was last changed, but for the folders named in `except`; -Infinity where there is none. */
export function anythingChangedAt(folder, except) {
  let newest = Number.NEGATIVE_INFINITY
  for (const entry of entriesOf(join(root, folder))) {
    if (entry.isDirectory()) {
      if (!except.includes(entry.name))
        newest = Math.max(newest, anythingChangedAt(join(folder, entry.name), except))
    } else {
      newest = Math.max(newest, changedAt(join(folder, entry.name)))
    }
  }
  return newest
}

function entriesOf(folder) {
  return statSync(folder, { throwIfNoEntry: false }) === undefined
    ? []
    : readdirSync(folder, { withFileTypes: true })
}
