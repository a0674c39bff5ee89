/**
 * A ride as its feed has told it so far: its trail and its newest numbers.
 *
 * Pure, but grown in place: a ride of some hours is ten thousand positions, and copying them with every item would
 * cost the square of that. `revision` changes with every item, for those who watch.
 */
import type { RideFeedItem } from './documents.ts'

export type LonLat = [longitude: number, latitude: number]

export interface Track {
  /** Of the newest item applied; 0 before the first. */
  version: number
  revision: number
  status: RideFeedItem['status'] | null
  progress: RideFeedItem['progress']
  /** A line for each stretch between pauses. */
  lines: LonLat[][]
  /** How many places it was ever given: of a long ride not all of them are kept. */
  appended: number
  /** When the newest of them began, by the device; null for the first. */
  resumedAt: string | null
  /** Degrees clockwise from north, where the device said so. */
  heading: number | null
  /** When the newest position was sampled. */
  lastAt: string | null
}

export function createTrack(): Track {
  return {
    version: 0,
    revision: 0,
    status: null,
    progress: null,
    lines: [],
    appended: 0,
    resumedAt: null,
    heading: null,
    lastAt: null,
  }
}

/**
 * Applies one item of the feed.
 *
 * @returns false where the item was known already: a feed that is resumed may be ahead of what it is asked for,
 *   never behind, but a repeat must not draw the trail twice.
 */
export function applyFeedItem(track: Track, item: RideFeedItem): boolean {
  if (item.version <= track.version) return false
  track.version = item.version
  track.revision += 1
  track.status = item.status
  if (item.progress !== null) track.progress = item.progress
  if (item.type === 'STARTED' || item.type === 'RESUMED') track.lines.push([])
  if (item.type === 'RESUMED') track.resumedAt = item.at
  for (const position of item.positions) {
    const { longitude, latitude } = position
    if (typeof longitude !== 'number' || typeof latitude !== 'number') continue
    // What comes late, or is of the pause, is put into its place when the ride has ended.
    if (track.lastAt !== null && Date.parse(position.at) <= Date.parse(track.lastAt)) continue
    if (track.resumedAt !== null && Date.parse(position.at) < Date.parse(track.resumedAt)) continue
    lastLine(track).push([longitude, latitude])
    track.appended += 1
    track.heading = position.heading ?? null
    track.lastAt = position.at
  }
  return true
}

/** Where the ride is now, as far as its feed knows. */
export function lastPlace(track: Track): LonLat | null {
  for (let index = track.lines.length - 1; index >= 0; index--) {
    const place = track.lines[index]?.at(-1)
    if (place !== undefined) return place
  }
  return null
}

export function pointCount(track: Track): number {
  return track.lines.reduce((sum, line) => sum + line.length, 0)
}

function lastLine(track: Track): LonLat[] {
  const line = track.lines.at(-1)
  if (line !== undefined) return line
  const first: LonLat[] = []
  track.lines.push(first)
  return first
}
