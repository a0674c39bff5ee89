/** What the files of rides are called in an archive, each otherwise. */
import { titleOf } from '#api/ride.ts'
import type { RideRow } from '#api/ride-row.ts'
import { dayOf, fileNameOf } from './download-name.ts'

/** Rides come in the order in which they began: on days further back none of the same name comes any more. */
const daysKept = 4

/** `2026-05-31 To work`, and where there is one already, `2026-05-31 To work (2)`. Without an extension. */
export function archivePaths(): (ride: RideRow) => string {
  const taken = new Map<string, Set<string>>()
  return (ride) => {
    const day = dayOf(ride.startedAt, ride.timeZone)
    const title = fileNameOf(titleOf(ride)) || 'ride'
    const names = taken.get(day) ?? new Set()
    taken.set(day, names)
    if (taken.size > daysKept) taken.delete([...taken.keys()].sort().at(-1)!)
    let name = `${day} ${title}`
    // File systems that make no difference between capitals and others would write one over the other.
    for (let count = 2; names.has(name.toLowerCase()); count++) name = `${day} ${title} (${count})`
    names.add(name.toLowerCase())
    return name
  }
}
