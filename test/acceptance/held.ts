/** What a recording holds, by its samples alone. */
import { type Recording, type RecordingEntry, timeOf } from '#recordings/recording.ts'
import type { Held } from './judge.ts'

export function heldIn({ entries }: Recording): Held {
  const samples = entries.flatMap((entry) => (entry.kind === 'position' ? [entry.position] : []))
  return {
    samples: samples.length,
    fixes: samples.filter(({ latitude }) => latitude !== undefined).length,
    stretches: 1 + entries.filter(({ kind }) => kind === 'resume').length,
    standing: standingIn(entries),
    rise: riseOf(samples.flatMap(({ altitude }) => altitude ?? [])),
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

/** Metres: what a barometer trembles by. */
const step = 2

/**
 * The sum of the rises of at least `step` from the last level reached; that of what is less is the trembling of the
 * sensor. Falls are steps too: each sets the level anew.
 */
function riseOf(altitudes: readonly number[]): number | undefined {
  let level = altitudes[0]
  if (level === undefined) return undefined
  let rise = 0
  for (const altitude of altitudes) {
    if (Math.abs(altitude - level) < step) continue
    rise += Math.max(0, altitude - level)
    level = altitude
  }
  return rise
}
