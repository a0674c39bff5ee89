/**
 * The map as the app speaks to it: rides that move, a trail that grows, a route that is finished. It hides which
 * library draws it, and is the only place that knows both a ride and a map.
 */

import { createEngine, type Fallback } from './create-engine.ts'
import type { Camera, DrawnLine, Engine, EngineEvents } from './engine.ts'
import { createFraming, type FramingOptions } from './framing.ts'
import type { Box } from './geodesy.ts'
import { glideAt, type Place } from './glide.ts'
import { boxBeyond, graticule, graticuleLines } from './graticule.ts'
import { createListeners } from './listeners.ts'
import { type Moving, move, type RideOnMap } from './moving-ride.ts'
import { type Circle, createOverlay, type MarkerShown, type Shown, type Spot } from './overlay.ts'
import { palettes, type Theme } from './palette.ts'
import { colouredLines, gapLines, type ShownRoute } from './shown-route.ts'
import { createTrails } from './trails.ts'

export interface RiderMapEvents {
  rideClicked(rideId: string): void
  /** `byUser` tells a drag from a flight of ours. */
  cameraRested(camera: Camera, byUser: boolean): void
  grabbed(): void
}

export interface RiderMap {
  readonly library: Engine['library']
  readonly style: Engine['style']
  /** The map that was configured could not be had; this is another. */
  readonly fallback: Fallback | null
  setRides(rides: readonly RideOnMap[]): void
  /** The lines behind rides, up to their markers; they may grow in place, and are told again when they have. */
  setTrails(trails: ReadonlyMap<string, readonly (readonly Place[])[]>): void
  /** The marker that stands out. */
  select(rideId: string | null): void
  setRoute(route: ShownRoute | null): void
  /** A dot on the route: where the pointer of a chart is, or what is played back. */
  setPointer(place: Place | null): void
  /** The part of the route that is picked out; none: []. */
  setStretch(lines: readonly (readonly Place[])[]): void
  setSpots(spots: readonly Spot[]): void
  /** Thin lines: many rides at once. They can be clicked (`rideClicked`) and pointed at (`onRouteHovered`). */
  setRoutes(routes: readonly RouteOfRide[], highlighted: string | null): void
  setCircles(circles: readonly Circle[]): void
  /** From now on a click on the map is a place that is chosen; null: no more. */
  choosePlace(chosen: ((place: Place) => void) | null): void
  /** Until somebody moves the map, in whatever size it gets. */
  fitBounds(box: Box, options: FramingOptions): void
  middle(): Place
  bounds(): Box
  setCamera(camera: Camera): void
  zoomBy(levels: number): void
  /** Keeps this ride in view as it moves; null: no ride. */
  follow(rideId: string | null): void
  setTheme(theme: Theme): void
  /** Where the pointer is over the map; null: it left. Ends what it returns. */
  onPoint(listener: (place: Place | null) => void): () => void
  /** The camera came to rest. `byUser`: he moved or zoomed it. */
  onMoved(listener: (box: Box, byUser: boolean) => void): () => void
  onRouteHovered(listener: (rideId: string | null) => void): () => void
  destroy(): void
}

export interface RouteOfRide {
  rideId: string
  lines: readonly (readonly Place[])[]
}

/** The share of the map's width and height, about its middle, in which a followed ride may move before the map does. */
const followShare = 0.8

/** Makes the best map this page can have in `container`. Throws where the browser has no WebGL. */
export async function createRiderMap(
  container: HTMLElement,
  options: { camera: Camera; theme: Theme; events: RiderMapEvents },
): Promise<RiderMap> {
  const moving = new Map<string, Moving>()
  let palette = palettes[options.theme]
  let followed: string | null = null
  let frame = 0
  let isPanning = false
  let graticuleKey = ''
  let selected: string | null = null
  const shown: Omit<Shown, 'markers'> = {
    routeEnds: null,
    marks: [],
    spots: [],
    circles: [],
    pointer: null,
    hovered: null,
  }
  let hoveredRoute: string | null = null
  let hasRoutes = false
  let drawnRoutes: readonly RouteOfRide[] | null = null
  let isZoomedByUser = false
  const pointed = createListeners<[place: Place | null]>()
  const moved = createListeners<[box: Box, byUser: boolean]>()
  const routeHovered = createListeners<[rideId: string | null]>()
  let chosen: ((place: Place) => void) | null = null

  const events: EngineEvents = {
    ready: () => {
      container.dataset['mapReady'] = 'true'
      draw()
    },
    drawn: () => draw(),
    rested: (byUser) => {
      isPanning = false
      sayCamera()
      moved.tell(engine.bounds(), byUser || isZoomedByUser)
      isZoomedByUser = false
      options.events.cameraRested(engine.camera(), byUser)
    },
    grabbed: () => {
      framing.leave()
      options.events.grabbed()
    },
    resized: () => framing.showAgain(),
    clicked: (x, y) => {
      if (chosen !== null) return chosen(engine.placeAt(x, y))
      const rideId = overlay.rideAt(x, y) ?? routeAt(x, y)
      if (rideId !== null) options.events.rideClicked(rideId)
    },
    pointed(x, y) {
      const rideId = overlay.rideAt(x, y)
      hoverRoute(rideId === null ? routeAt(x, y) : null)
      engine.setPointer(rideId !== null || hoveredRoute !== null)
      pointed.tell(engine.placeAt(x, y))
      hover({ x, y })
    },
    left() {
      hoverRoute(null)
      pointed.tell(null)
      hover(null)
    },
  }
  const { engine, fallback } = await createEngine({
    container,
    camera: options.camera,
    theme: options.theme,
    events,
  })
  const overlay = createOverlay(container, engine)
  const trails = createTrails(engine)
  const calm = window.matchMedia('(prefers-reduced-motion: reduce)')
  const framing = createFraming(container, engine, () => calm.matches)
  container.dataset['mapLibrary'] = engine.library
  container.dataset['mapStyle'] = engine.style

  function draw(): void {
    const nowMs = performance.now()
    let isMoving = false
    const markers: MarkerShown[] = []
    for (const { ride, glide } of moving.values()) {
      const { place, heading, passed, isDone } = glideAt(glide, nowMs)
      isMoving ||= !isDone
      const tail = trails.tail(ride.rideId, place, glide.path.length - passed)
      const { rideId, status, label } = ride
      markers.push({ rideId, place, heading, status, isSelected: rideId === selected, label, tail })
    }
    trails.settle(nowMs)
    overlay.draw({ markers, ...shown }, palette)
    if (engine.style === 'built-in') drawGraticule()
    describe(container, markers)
    keepInView(markers)
    if (isMoving && frame === 0) {
      frame = requestAnimationFrame(() => {
        frame = 0
        draw()
      })
    }
  }

  function drawGraticule(): void {
    const box = engine.bounds()
    const beyond = boxBeyond(box)
    const lines = graticule(beyond, box.east - box.west)
    if (lines.key === graticuleKey) return
    graticuleKey = lines.key
    engine.setLines('graticule', drawnLines(graticuleLines(lines, beyond)))
  }

  function routeAt(x: number, y: number): string | null {
    return hasRoutes ? engine.rideOfLineAt(x, y) : null
  }

  function hoverRoute(rideId: string | null): void {
    if (rideId === hoveredRoute) return
    hoveredRoute = rideId
    routeHovered.tell(rideId)
  }

  function hover(at: Shown['hovered']): void {
    shown.hovered = at
    if (shown.spots.length > 0) draw()
  }

  function keepInView(markers: readonly MarkerShown[]): void {
    const marker = markers.find(({ rideId }) => rideId === followed)
    if (marker === undefined || isPanning) return
    const { x, y } = engine.project(marker.place)
    const { clientWidth, clientHeight } = container
    const isInside =
      Math.abs(x - clientWidth / 2) < (clientWidth * followShare) / 2 &&
      Math.abs(y - clientHeight / 2) < (clientHeight * followShare) / 2
    if (isInside) return
    isPanning = true
    framing.leave()
    engine.panTo(marker.place, calm.matches ? 0 : 600)
  }

  function say(name: string, value: string | null): void {
    if (value === null) delete container.dataset[name]
    else container.dataset[name] = value
  }

  function sayCamera(): void {
    const { latitude, longitude, zoom } = engine.camera()
    container.dataset['camera'] = `${latitude.toFixed(3)},${longitude.toFixed(3)},${zoom.toFixed(2)}`
  }

  return {
    library: engine.library,
    style: engine.style,
    fallback,
    setRides(rides) {
      const nowMs = performance.now()
      const before = new Map(moving)
      moving.clear()
      for (const ride of rides)
        moving.set(ride.rideId, move(before.get(ride.rideId), ride, nowMs, calm.matches))
      draw()
    },
    setTrails(lines) {
      trails.set(lines)
      container.dataset['trailPoints'] = String(trails.pointCount())
      draw()
    },
    select(rideId) {
      selected = rideId
      say('selected', rideId)
      draw()
    },
    setRoute(route) {
      const lines = route?.lines ?? []
      const [start, finish] = [lines[0]?.[0], lines.at(-1)?.at(-1)]
      shown.routeEnds = start === undefined || finish === undefined ? null : { start, finish }
      shown.marks = route?.marks ?? []
      const coloured = route === null ? [] : colouredLines(route)
      const gaps = route === null ? [] : gapLines(route)
      engine.setLines('casing', drawnLines(lines))
      engine.setLines('route', coloured)
      engine.setLines('gaps', gaps)
      say('routePoints', String(countPoints(lines)))
      say('routeColours', String(new Set(coloured.flatMap(({ colour }) => colour ?? [])).size))
      say('gapCount', String(gaps.length))
      say('markCount', String(shown.marks.length))
      draw()
    },
    setPointer(place) {
      shown.pointer = place
      say('pointer', place === null ? null : printPlace(place))
      draw()
    },
    setStretch(lines) {
      engine.setLines('stretch', drawnLines(lines))
      say('stretchPoints', String(countPoints(lines)))
    },
    setSpots(spots) {
      shown.spots = spots
      say('spotCount', String(spots.length))
      draw()
    },
    setRoutes(routes, highlighted) {
      hasRoutes = routes.length > 0
      if (!hasRoutes) hoverRoute(null)
      const drawn = routes.flatMap(({ rideId, lines }) => lines.map((places) => ({ rideId, places })))
      // While one points along a list only what stands out changes, and a thousand routes stay.
      if (routes !== drawnRoutes) engine.setLines('routes', drawn)
      drawnRoutes = routes
      engine.setLines(
        'highlighted',
        drawn.filter(({ rideId }) => rideId === highlighted),
      )
      say('routesCount', String(routes.length))
      say('routesPoints', String(countPoints(drawn.map(({ places }) => places))))
      say('highlighted', highlighted)
    },
    setCircles(circles) {
      shown.circles = circles
      say('circleCount', String(circles.length))
      say('circleRadii', circles.map(({ radiusMetres }) => radiusMetres).join(' '))
      draw()
    },
    choosePlace(choose) {
      chosen = choose
      container.classList.toggle('is-choosing', choose !== null)
    },
    fitBounds: framing.show,
    middle() {
      const { longitude, latitude } = engine.camera()
      return [longitude, latitude]
    },
    bounds: engine.bounds,
    setCamera(camera) {
      framing.leave()
      engine.jumpTo(camera)
    },
    zoomBy(levels) {
      framing.leave()
      isZoomedByUser = true
      engine.zoomBy(levels)
    },
    follow(rideId) {
      followed = rideId
      draw()
    },
    setTheme(theme) {
      palette = palettes[theme]
      engine.setTheme(theme)
    },
    onPoint: pointed.add,
    onMoved: moved.add,
    onRouteHovered: routeHovered.add,
    destroy() {
      cancelAnimationFrame(frame)
      overlay.remove()
      engine.remove()
    },
  }
}

function drawnLines(lines: readonly (readonly Place[])[]): DrawnLine[] {
  return lines.map((places) => ({ places }))
}

function countPoints(lines: readonly (readonly Place[])[]): number {
  return lines.reduce((sum, line) => sum + line.length, 0)
}

function printPlace([longitude, latitude]: Place): string {
  return `${latitude.toFixed(6)},${longitude.toFixed(6)}`
}

/** Says in the page what a canvas shows: for those who test it, and for those who script it. */
function describe(container: HTMLElement, markers: readonly MarkerShown[]): void {
  container.dataset['markerCount'] = String(markers.length)
  container.dataset['markers'] = markers
    .slice(0, 10)
    .map(({ place }) => printPlace(place))
    .join(' ')
}
