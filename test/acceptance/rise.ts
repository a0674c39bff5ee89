/**
 * What a recording climbs, by the altitudes in it: the figure that the product's is held against. Reckoned here, whatever the
 * product makes of it.
 */
import type { RecordingEntry } from '#recordings/recording.ts'

/** Metres: what a barometer trembles by. */
const step = 2

/** Metres; undefined without altitudes. */
export interface Rise {
  /** Of the altitudes as they stand, one after the other. */
  readonly whole: number | undefined
  /** Of those while the timer ran, joined as if nothing had changed while it stood. */
  readonly ridden: number | undefined
}

export function riseIn(entries: readonly RecordingEntry[]): Rise {
  const all = entries.flatMap((entry) => (entry.kind === 'position' ? (entry.position.altitude ?? []) : []))
  return { whole: riseOf(all), ridden: riseOf(riddenAltitudes(entries)) }
}

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

/** While the timer stands the weather goes on and devices calibrate themselves. */
function riddenAltitudes(entries: readonly RecordingEntry[]): number[] {
  const altitudes: number[] = []
  let pausedAt: number | undefined
  let last: number | undefined
  let isJoining = false
  let shift = 0
  for (const entry of entries) {
    if (entry.kind === 'pause') {
      pausedAt = entry.at
    } else if (entry.kind === 'resume') {
      pausedAt = undefined
      isJoining = last !== undefined
    } else {
      const { altitude, at } = entry.position
      // A sample at the very instant of a pause is the last one before it.
      if (altitude === undefined || (pausedAt !== undefined && at > pausedAt)) continue
      if (isJoining) shift += last! - altitude
      isJoining = false
      last = altitude
      altitudes.push(altitude + shift)
    }
  }
  return altitudes
}
