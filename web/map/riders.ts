/**
 * The riders on the map: where each is at this moment, who of them is in view, and who are so close together that they are shown
 * as one.
 */
import { type Cluster, clusterLevel, clustersOf } from './clusters.ts'
import type { FlatView, ScreenPoint } from './flat-view.ts'
import { glideAt } from './glide.ts'
import { type Moving, move, type RideOnMap } from './moving-ride.ts'

export interface ShownCluster extends Cluster, ScreenPoint {
  readonly stale: number
  /** As it was drawn last. */
  readonly drawn: ScreenPoint
}

export interface Riders {
  set(rides: readonly RideOnMap[], nowMs: number, isCalm: boolean): void
  select(rideId: string | null): void
  /** Moves everyone to where he is now on what is seen. */
  advance(view: FlatView, nowMs: number): Advanced
  all(): readonly Moving[]
  find(rideId: string): Moving | undefined
  clusters(): readonly ShownCluster[]
  selected(): string | null
}

export interface Advanced {
  /** Somebody is still on his way to his last fix. */
  isMoving: boolean
  /** The picture would be another one than before. */
  isChanged: boolean
}

/** Steps smaller than this, in CSS pixels, are not seen. */
const stepPx = 0.5
/** While riders move, who is together is looked at again so often. */
const clusterEveryMs = 1_000
/** Turns smaller than this, in degrees, are not seen either. */
const turn = 7
/** So far outside of the map a marker still reaches into it. */
const marginPx = 40

export function createRiders(): Riders {
  const byId = new Map<string, Moving>()
  let all: Moving[] = []
  let clusters: ShownCluster[] = []
  let selected: string | null = null
  let level: number | null = null
  let clusteredMs = Number.NEGATIVE_INFINITY
  let areOthers = false
  let looksOther = false
  let hasMoved = false

  /** Gives whether somebody is or was one of many. */
  function cluster(view: FlatView, nowMs: number): boolean {
    const wanted = clusterLevel(view.zoom)
    const isDue = hasMoved && nowMs - clusteredMs >= clusterEveryMs
    if (!areOthers && wanted === level && !isDue) return false
    const before = clusters.length
    areOthers = false
    hasMoved = false
    level = wanted
    clusteredMs = nowMs
    for (const moving of all) moving.isClustered = false
    clusters = clustersOf(all, view.zoom, selected).map(({ members }) => {
      for (const member of members) member.isClustered = true
      const stale = members.filter(({ ride }) => ride.status === 'stale').length
      return { members, stale, x: 0, y: 0, drawn: { x: Number.NaN, y: Number.NaN } }
    })
    return before + clusters.length > 0
  }

  return {
    set(rides, nowMs, isCalm) {
      const gone = new Set(byId.keys())
      all = []
      for (const ride of rides) {
        const before = byId.get(ride.rideId)
        looksOther ||= before?.ride.status !== ride.status || before?.ride.label !== ride.label
        const moving = move(before, ride, nowMs, isCalm)
        if (before === undefined) {
          byId.set(ride.rideId, moving)
          areOthers = true
        }
        gone.delete(ride.rideId)
        all.push(moving)
      }
      for (const rideId of gone) byId.delete(rideId)
      areOthers ||= gone.size > 0
    },
    select(rideId) {
      areOthers ||= rideId !== selected
      selected = rideId
    },
    advance(view, nowMs) {
      let isMoving = false
      let isChanged = areOthers || looksOther
      for (const moving of all) {
        const { at } = moving
        if (!at.isDone) {
          glideAt(moving.glide, nowMs, at)
          isMoving ||= !at.isDone
          hasMoved = true
        }
        view.project(at.place, moving)
        const isInView = isWithin(view, moving)
        // One of many is seen by what it does to their middle.
        if (!moving.isClustered)
          isChanged ||=
            isInView !== moving.isInView || (isInView && (hasStepped(moving) || hasTurned(moving)))
        moving.isInView = isInView
      }
      if (cluster(view, nowMs)) isChanged = true
      for (const shown of clusters) {
        centre(shown)
        isChanged ||= isWithin(view, shown) && hasStepped(shown)
      }
      looksOther = false
      if (isChanged) {
        for (const moving of all) note(moving)
        for (const shown of clusters) notePlace(shown)
      }
      return { isMoving, isChanged }
    },
    all: () => all,
    find: (rideId) => byId.get(rideId),
    clusters: () => clusters,
    selected: () => selected,
  }
}

function isWithin(view: FlatView, { x, y }: ScreenPoint): boolean {
  return x > -marginPx && y > -marginPx && x < view.width + marginPx && y < view.height + marginPx
}

type Drawn = ScreenPoint & { readonly drawn: ScreenPoint }

function hasStepped({ x, y, drawn }: Drawn): boolean {
  // What was never drawn is at NaN.
  return !(Math.abs(x - drawn.x) < stepPx && Math.abs(y - drawn.y) < stepPx)
}

function hasTurned({ at, drawn }: Moving): boolean {
  return at.heading !== drawn.heading && Math.abs((at.heading ?? 0) - (drawn.heading ?? 0)) >= turn
}

function note(moving: Moving): void {
  notePlace(moving)
  moving.drawn.heading = moving.at.heading
}

function notePlace({ x, y, drawn }: Drawn): void {
  drawn.x = x
  drawn.y = y
}

/** In the middle of those who are in it. */
function centre(shown: ShownCluster): void {
  let [x, y] = [0, 0]
  for (const member of shown.members) {
    x += member.x
    y += member.y
  }
  shown.x = x / shown.members.length
  shown.y = y / shown.members.length
}
