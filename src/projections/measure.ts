/** A ride measured: from its events, as the log keeps them, to all that `routes` writes down of it. Pure, and much work. */
import { decodeRideEvent } from '#ride/encoding.ts'
import type { RideEvent, Visibility } from '#ride/events.ts'
import type { Mask } from '#ride/mask.ts'
import { type MaskedRide, maskedRide, maskOf } from '#ride/masking/masked-track.ts'
import { dayAt, timeZoneAt } from '#ride/time-zone.ts'
import { along } from '#ride/track/along.ts'
import { type BoundingBox, boundingBoxOf, cutAtAntimeridian } from '#ride/track/antimeridian.ts'
import { fastestKilometres, fastestOver } from '#ride/track/fastest.ts'
import type { Track } from '#ride/track/segment.ts'
import { splitsOf } from '#ride/track/splits.ts'
import { statisticsOf, type TrackStatistics } from '#ride/track/statistics.ts'
import { trackOf } from '#ride/track/track.ts'
import { encodeTrack } from '#ride/track/track-encoding.ts'
import { encodeLines } from './well-known-binary.ts'

/** As its rider sees it, and where the mask hides something, and not all, as the others do. */
export interface MeasuredForAll {
  readonly mask: Mask
  readonly riderId: string
  readonly visibility: Visibility
  readonly own: MeasuredRide
  readonly others: (MeasuredRide & Pick<MaskedRide, 'endsHidden'>) | null
}

/** What another thread can be handed, and a statement be given as it is. */
export interface MeasuredRide {
  /** As PostGIS takes them, memory of their own; null where nothing is drawn. */
  readonly lines: Uint8Array<ArrayBuffer> | null
  /** How many points these have, null as they are. */
  readonly points: number | null
  readonly box: BoundingBox | null
  readonly statistics: TrackStatistics
  readonly timeZone: string | null
  /** YYYY-MM-DD, in that zone. */
  readonly startedOn: string
  /** Seconds, in the order of `fastestKilometres`. */
  readonly fastest: readonly (number | null)[]
  /** JSON texts. */
  readonly excluded: string
  readonly splits: string
  readonly track: string
}

/**
 * `events`: JSON text, an array of all of the ride's events in order, each as `[type, schemaVersion, data]`. Undefined where
 * one of them was redacted: the ride is being deleted; and where it has not ended.
 */
export function measureRide(events: string): MeasuredForAll | undefined {
  const written: readonly [type: string, schemaVersion: number, data: unknown][] = JSON.parse(events)
  if (written.some(([, , data]) => data === null)) return undefined
  const ride = written.map(([type, schemaVersion, data]) => decodeRideEvent({ type, schemaVersion, data }))
  if (!ride.some(({ type }) => type === 'RideEnded')) return undefined
  const [started] = ride
  if (started?.type !== 'RideStarted') return undefined
  const mask = maskOf(ride)
  const masked = mask.zones.length === 0 ? undefined : maskedRide(ride, mask)
  return {
    mask,
    riderId: started.riderId,
    visibility: visibilityOf(ride) ?? started.visibility,
    own: measured(ride),
    others: masked === undefined ? null : { ...measured(masked.events), endsHidden: masked.endsHidden },
  }
}

function visibilityOf(ride: readonly RideEvent[]): Visibility | undefined {
  let visibility: Visibility | undefined
  for (const event of ride)
    if (event.type === 'RideEdited') visibility = event.changes.visibility ?? visibility
  return visibility
}

function measured(events: readonly RideEvent[]): MeasuredRide {
  const track = trackOf(events)
  const milestones = along(track)
  const stretches = track.segments.map(({ fixes }) => fixes).filter((fixes) => fixes.length > 1)
  const lines = stretches.flatMap(cutAtAntimeridian).filter((line) => line.length > 1)
  const timeZone = timeZoneOf(track)
  const isDrawn = lines.length > 0
  return {
    lines: isDrawn ? encodeLines(lines) : null,
    points: isDrawn ? stretches.reduce((sum, { length }) => sum + length, 0) : null,
    box: boundingBoxOf(lines) ?? null,
    statistics: statisticsOf(track, milestones),
    timeZone,
    startedOn: dayAt(track.startedAt, timeZone),
    fastest: fastestKilometres.map((kilometres) => fastestOver(milestones, kilometres * 1000)),
    excluded: JSON.stringify(track.excluded),
    splits: JSON.stringify({
      KILOMETRE: splitsOf(track, milestones, 'KILOMETRE'),
      MILE: splitsOf(track, milestones, 'MILE'),
    }),
    track: JSON.stringify(encodeTrack(track)),
  }
}

function timeZoneOf({ segments }: Track): string | null {
  const first = segments.find(({ fixes }) => fixes.length > 0)?.fixes[0]
  return first === undefined ? null : timeZoneAt(first)
}
