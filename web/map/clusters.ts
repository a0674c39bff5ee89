/**
 * Riders who are so many in one place that their markers would hide each other are shown as one, with their number.
 *
 * Who belongs together is decided anew when the map is at another zoom or riders have come, gone or moved away, never with every
 * frame: a cluster moves with those who are in it.
 */
import Supercluster from 'supercluster'
import type { Moving } from './moving-ride.ts'

export interface Cluster {
  readonly members: readonly Moving[]
}

/** Of fewer than these everyone is shown. */
const fewestRides = 30
const fewestTogether = 3
/** From here on streets are told apart, and riders too. */
const zoomOfSingles = 15
const radiusPx = 36

/** @param alone is never one of many. */
export function clustersOf(moving: readonly Moving[], zoom: number, alone: string | null): Cluster[] {
  const level = clusterLevel(zoom)
  if (moving.length < fewestRides || level === null) return []
  const index = new Supercluster<{ at: number }>({
    // One level is all that is asked.
    minZoom: level,
    maxZoom: level,
    minPoints: fewestTogether,
    radius: radiusPx,
    extent: 512,
  })
  index.load(
    moving.flatMap(({ ride, at: { place } }, at) =>
      ride.rideId === alone
        ? []
        : [
            {
              type: 'Feature' as const,
              properties: { at },
              geometry: { type: 'Point' as const, coordinates: [place[0], place[1]] },
            },
          ],
    ),
  )
  return index.getClusters([-180, -90, 180, 90], level).flatMap(({ properties }): Cluster[] => {
    if (!('cluster_id' in properties)) return []
    const leaves = index.getLeaves(Number(properties['cluster_id']), Number.POSITIVE_INFINITY)
    return [{ members: leaves.flatMap(({ properties: { at } }) => moving[at] ?? []) }]
  })
}

/** Zooms of one level have the same clusters; null: none. */
export function clusterLevel(zoom: number): number | null {
  return zoom >= zoomOfSingles ? null : Math.max(0, Math.floor(zoom))
}
