/** The lines that do not grow: a finished route, the part of it that is picked out, and many routes at once. */
import type { DrawnLine, Engine } from './engine.ts'
import type { Place } from './glide.ts'
import type { Saying } from './saying.ts'
import { colouredLines, gapLines, type ShownRoute } from './shown-route.ts'

export interface RouteOfRide {
  rideId: string
  lines: readonly (readonly Place[])[]
}

export interface ShownLines {
  setRoute(route: ShownRoute | null): void
  setStretch(lines: readonly (readonly Place[])[]): void
  setRoutes(routes: readonly RouteOfRide[], highlighted: string | null): void
  /** Whose route is there, of those set by `setRoutes`. */
  rideAt(x: number, y: number): string | null
}

export function createShownLines(
  engine: Pick<Engine, 'setLines' | 'setPale' | 'rideOfLineAt'>,
  { say }: Saying,
): ShownLines {
  let shown: readonly RouteOfRide[] = []

  return {
    setRoute(route) {
      const lines = route?.lines ?? []
      const coloured = route === null ? [] : colouredLines(route)
      const gaps = gapLines(lines)
      engine.setLines('casing', drawnLines(lines))
      engine.setLines('route', coloured)
      engine.setLines('gaps', gaps)
      say('routePoints', countPoints(lines))
      say('routeColours', new Set(coloured.flatMap(({ colour }) => colour ?? [])).size)
      say('gapCount', gaps.length)
    },
    setStretch(lines) {
      engine.setLines('stretch', drawnLines(lines))
      say('stretchPoints', countPoints(lines))
    },
    setRoutes(routes, highlighted) {
      if (routes !== shown) {
        shown = routes
        engine.setLines('routes', routes.flatMap(linesOf))
        say('routesCount', routes.length)
        say(
          'routesPoints',
          routes.reduce((sum, { lines }) => sum + countPoints(lines), 0),
        )
      }
      const standingOut = routes.filter(({ rideId }) => rideId === highlighted).flatMap(linesOf)
      engine.setLines('highlighted', standingOut)
      engine.setPale(standingOut.length > 0)
      say('highlighted', highlighted)
    },
    rideAt: (x, y) => (shown.length === 0 ? null : engine.rideOfLineAt(x, y)),
  }
}

export function drawnLines(lines: readonly (readonly Place[])[]): DrawnLine[] {
  return lines.map((places) => ({ places }))
}

function linesOf({ rideId, lines }: RouteOfRide): DrawnLine[] {
  return lines.map((places) => ({ rideId, places }))
}

function countPoints(lines: readonly (readonly Place[])[]): number {
  return lines.reduce((sum, line) => sum + line.length, 0)
}
