/** What a recording holds, by its samples alone. */
import { type Recording, type RecordingEntry, timeOf } from '#recordings/recording.ts'
import type { Held } from './judge.ts'
import { riseIn } from './rise.ts'

/** `notRead`: points of the file that are not in the recording. */
export function heldIn({ entries }: Recording, notRead: number): Held {
  const samples = entries.flatMap((entry) => (entry.kind === 'position' ? [entry.position] : []))
  return {
    notRead,
    samples: samples.length,
    fixes: samples.filter(({ latitude }) => latitude !== undefined).length,
    stretches: 1 + entries.filter(({ kind }) => kind === 'resume').length,
    standing: standingIn(entries),
    rise: riseIn(entries),
    blindApart: blindApartIn(entries),
  }
}

/** Seconds from each sample at speed 0 to the next entry; devices record in pauses, too. */
function standingIn(entries: readonly RecordingEntry[]): number {
  let milliseconds = 0
  let isPaused = false
  let standsSince: number | undefined
  for (const entry of entries) {
    const at = timeOf(entry)
    if (standsSince !== undefined) milliseconds += at - standsSince
    if (entry.kind !== 'position') isPaused = entry.kind === 'pause'
    standsSince = entry.kind === 'position' && entry.position.speed === 0 && !isPaused ? at : undefined
  }
  return milliseconds / 1_000
}

/**
 * Samples without a fix that may be excluded: recorded while the timer stood, or of the same time as another. Of all others
 * without a fix nothing is said.
 */
function blindApartIn(entries: readonly RecordingEntry[]): number {
  const times = new Map<number, number>()
  for (const entry of entries) {
    if (entry.kind === 'position') times.set(timeOf(entry), (times.get(timeOf(entry)) ?? 0) + 1)
  }
  let isPaused = false
  return entries.filter((entry) => {
    if (entry.kind !== 'position') isPaused = entry.kind === 'pause'
    else if (entry.position.latitude === undefined) return isPaused || times.get(timeOf(entry))! > 1
    return false
  }).length
}
