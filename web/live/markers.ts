/**
 * The rides of the board as the map takes them. Where a ride's feed is followed and has caught up with the board, its marker goes
 * through every fix of it, so that it stays on its trail; the others go from one known place to the next.
 *
 * What has not changed stays the same object.
 */
import type { Place } from '../map/glide.ts'
import type { RideOnMap } from '../map/moving-ride.ts'
import type { LiveEntry } from './live-board.ts'
import { lastPlace, type Track } from './track.ts'

export interface Markers {
  of(entries: readonly LiveEntry[], trackOf: (rideId: string) => Track | undefined): MarkersShown
}

export interface MarkersShown {
  rides: RideOnMap[]
  trails: Map<string, readonly (readonly Place[])[]>
}

/** More names than these hide each other. */
const mostNames = 12
/** A marker does not fly along an hour that came at once. */
const mostFixes = 200

interface Drawn {
  entry: LiveEntry
  label: string | null
  /** Null: it is not on its trail. */
  track: Track | null
  revision: number
  appended: number
  resumedAt: string | null
  ride: RideOnMap | null
}

export function createMarkers(): Markers {
  let drawn = new Map<string, Drawn>()

  return {
    of(entries, trackOf) {
      const before = drawn
      drawn = new Map()
      const names = entries.length <= mostNames ? namesOf(entries) : null
      const shown: MarkersShown = { rides: [], trails: new Map() }
      for (const entry of entries) {
        const { rideId } = entry.ride
        const known = before.get(rideId)
        const track = trackOf(rideId)
        const label = names?.get(rideId) ?? null
        const next =
          track !== undefined && isCaughtUp(track, entry, known)
            ? onTrail(entry, track, known, label)
            : offTrail(entry, known, label)
        drawn.set(rideId, next)
        if (next.ride !== null) shown.rides.push(next.ride)
        if (next.track !== null) shown.trails.set(rideId, next.track.lines)
      }
      return shown
    },
  }
}

/** Once it has, the feed is ahead of the board, which is told four times a second. */
function isCaughtUp(track: Track, { ride }: LiveEntry, known: Drawn | undefined): boolean {
  return lastPlace(track) !== null && (known?.track === track || track.version >= ride.version)
}

function offTrail(entry: LiveEntry, known: Drawn | undefined, label: string | null): Drawn {
  if (known?.entry === entry && known.label === label && known.track === null) return known
  const { longitude, latitude, heading } = entry.ride.position ?? {}
  const isPlaced = typeof longitude === 'number' && typeof latitude === 'number'
  const ride: RideOnMap | null = isPlaced
    ? {
        ...said(entry, label),
        version: entry.ride.version,
        place: [longitude, latitude],
        through: [],
        isSetDown: false,
        heading: heading ?? null,
      }
    : null
  return { entry, label, track: null, revision: 0, appended: 0, resumedAt: null, ride }
}

function onTrail(entry: LiveEntry, track: Track, known: Drawn | undefined, label: string | null): Drawn {
  const { revision, appended, resumedAt, heading } = track
  if (known?.track === track && known.revision === revision) {
    if (known.entry === entry && known.label === label) return known
    const ride = known.ride === null ? null : { ...known.ride, ...said(entry, label) }
    return { ...known, entry, label, ride }
  }
  const isNewLine = known?.track !== track || known.resumedAt !== resumedAt
  const line = track.lines.at(-1) ?? []
  const count = Math.min(mostFixes, line.length, isNewLine ? 0 : appended - known.appended)
  const ride: RideOnMap = {
    ...said(entry, label),
    version: track.version,
    place: lastPlace(track) ?? [0, 0],
    through: count === 0 ? [] : line.slice(-count),
    isSetDown: known?.track === track && isNewLine,
    heading,
  }
  return { entry, label, track, revision, appended, resumedAt, ride }
}

function said({ ride, status }: LiveEntry, label: string | null) {
  return { rideId: ride.rideId, status, label }
}

/** By the rider; where one rides several of them, those are called by their titles. */
function namesOf(entries: readonly LiveEntry[]): ReadonlyMap<string, string> {
  const riders = new Map<string, number>()
  for (const { ride } of entries) riders.set(ride.rider.name, (riders.get(ride.rider.name) ?? 0) + 1)
  return new Map(
    entries.map(({ ride }) => [
      ride.rideId,
      riders.get(ride.rider.name) === 1 ? ride.rider.name : ride.title,
    ]),
  )
}
