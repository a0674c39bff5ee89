/** Keeps in view what is followed: one ride as it moves, or all of them. */
import { type Box, boxAround } from '../map/geodesy.ts'
import type { RideOnMap } from '../map/moving-ride.ts'
import type { RiderMap } from '../map/rider-map.ts'

export interface Following {
  /**
   * @param followed a ride's id, `all`, or null: nothing is.
   * @param filterKey of `rides`: all of them are framed anew where it is another.
   */
  keep(followed: string | null, filterKey: string, rides: readonly RideOnMap[], nowMs: number): void
}

/** One rider alone is shown with the country around, not with the kerb. */
const closestZoom = 13
/** While some leave the view one after the other the map is not to fly all the time. */
const fitEveryMs = 4_000

export function createFollowing(map: Pick<RiderMap, 'bounds' | 'fitBounds' | 'follow'>): Following {
  let framed: string | null = null
  let fittedMs = Number.NEGATIVE_INFINITY

  function fit(box: Box, nowMs: number, animate: boolean): void {
    fittedMs = nowMs
    map.fitBounds(box, { animate, maxZoom: closestZoom })
  }

  return {
    keep(followed, filterKey, rides, nowMs) {
      // Of several, keeping one in view would lose the others.
      const one = followed === 'all' ? (rides.length === 1 ? rides[0] : undefined) : find(rides, followed)
      const box =
        followed === 'all' ? boxAround(rides.map(({ place }) => place)) : one && boxAround([one.place])
      if (followed === null || box === null || box === undefined) {
        framed = null
        map.follow(null)
        return
      }
      const frame = followed === 'all' ? `all ${filterKey}` : followed
      if (framed !== frame) fit(box, nowMs, framed !== null)
      else if (one === undefined && nowMs - fittedMs >= fitEveryMs && !holds(map.bounds(), box))
        fit(box, nowMs, true)
      framed = frame
      map.follow(one?.rideId ?? null)
    },
  }
}

function find(rides: readonly RideOnMap[], rideId: string | null): RideOnMap | undefined {
  return rides.find((ride) => ride.rideId === rideId)
}

/** Whether `box` lies within what the map shows, which may be given by longitudes beyond 180. */
function holds(view: Box, box: Box): boolean {
  if (box.south < view.south || box.north > view.north) return false
  if (view.east - view.west >= 360) return true
  const turn = (longitude: number) => view.west + ((((longitude - view.west) % 360) + 360) % 360)
  return turn(box.west) <= view.east && turn(box.east) <= view.east && turn(box.west) <= turn(box.east)
}
