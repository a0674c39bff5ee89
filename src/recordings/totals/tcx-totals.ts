/** The totals of a TCX activity: the sums of its laps. */

import {
  childrenNamed,
  childText,
  descendantNamed,
  type Element,
  instantOf,
  numberOf,
} from '#recordings/read/xml.ts'
import { movesWithoutFix, type Odometer, sumOf, type Totals, totalOf } from './totals.ts'

export function tcxTotals(root: Element): Totals {
  const activities = childrenNamed(root, 'Activities').flatMap((list) => childrenNamed(list, 'Activity'))
  const laps = activities.flatMap((activity) => childrenNamed(activity, 'Lap'))
  const points = laps
    .flatMap((lap) => childrenNamed(lap, 'Track'))
    .flatMap((track) => childrenNamed(track, 'Trackpoint'))
  const sum = (name: string) => sumOf(laps.map((lap) => numberOf(childText(lap, name))))
  return {
    distance: totalOf({ laps: sum('DistanceMeters') }),
    timer: totalOf({ laps: sum('TotalTimeSeconds') }),
    elapsed: totalOf({ laps: elapsedOf(laps, points) }),
    ascent: undefined,
    wheel: movesWithoutFix(points.map(odometerOf)) ? 'it measures speed without a fix' : undefined,
    isBarometric: false,
  }
}

/**
 * From the first lap's start to what is later: the last point, or the end of the last lap, which is known to its
 * fraction of a second where the lap holds no pause.
 */
function elapsedOf(laps: readonly Element[], points: readonly Element[]): number | undefined {
  const startedAt = instantOf(laps[0]?.getAttribute('StartTime') ?? undefined)
  const last = laps.at(-1)
  if (startedAt === undefined || last === undefined) return undefined
  const lastStartedAt = instantOf(last.getAttribute('StartTime') ?? undefined)
  const lastSeconds = numberOf(childText(last, 'TotalTimeSeconds'))
  const lastPointAt = instantOf(points.at(-1) && childText(points.at(-1)!, 'Time'))
  const ends = [
    ...(lastPointAt === undefined ? [] : [lastPointAt]),
    ...(lastStartedAt === undefined || lastSeconds === undefined
      ? []
      : [lastStartedAt + lastSeconds * 1_000]),
  ]
  return ends.length === 0 ? undefined : (Math.max(...ends) - startedAt) / 1_000
}

function odometerOf(point: Element): Odometer {
  const extensions = childrenNamed(point, 'Extensions')[0]
  return {
    hasFix: childrenNamed(point, 'Position').length > 0,
    speed: extensions && numberOf(descendantNamed(extensions, 'Speed')?.textContent),
    distance: numberOf(childText(point, 'DistanceMeters')),
  }
}
