/**
 * The map as the app speaks to it: rides that move, trails that grow, a route that is finished. It hides which
 * library draws it, and is the only place that knows both a ride and a map.
 */
import type { Units } from '../rides/format.ts'
import { type Awaited, createAwaited } from './awaited.ts'
import { createEngine, type Fallback } from './create-engine.ts'
import type { Camera, Engine, EngineEvents } from './engine.ts'
import { createFraming, type FramingOptions } from './framing.ts'
import { type Box, boxAround } from './geodesy.ts'
import type { Place } from './glide.ts'
import { createListeners } from './listeners.ts'
import type { RideOnMap } from './moving-ride.ts'
import { palettes, type Theme } from './palette.ts'
import { createFreeRoom } from './room.ts'
import { createSaying, printPlace } from './saying.ts'
import { createScene } from './scene.ts'
import { createShownLines, type RouteOfRide } from './shown-lines.ts'
import type { ShownRoute } from './shown-route.ts'
import type { Spot } from './spots.ts'
import type { Circle } from './still-overlay.ts'

export type { RouteOfRide }

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
  /** What is not in the picture yet: the map itself, or the route or routes that were set. */
  readonly missing: Awaited['missing']
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
  /** What lies over the map, as a card: what is shown or followed is shown beside it. Null: nothing. */
  setCover(cover: Element | null): void
  /** Until somebody moves the map, in whatever size it gets. */
  fitBounds(box: Box, options: FramingOptions): void
  middle(): Place
  bounds(): Box
  setCamera(camera: Camera): void
  zoomBy(levels: number): void
  /** Keeps this ride in view as it moves; null: no ride. */
  follow(rideId: string | null): void
  setTheme(theme: Theme): void
  /** Of the scale, which is metric at first. */
  setUnits(units: Units): void
  /** Where the pointer is over the map; null: it left. Ends what it returns. */
  onPoint(listener: (place: Place | null) => void): () => void
  /** The camera came to rest. `byUser`: he moved or zoomed it. */
  onMoved(listener: (box: Box, byUser: boolean) => void): () => void
  onRouteHovered(listener: (rideId: string | null) => void): () => void
  destroy(): void
}

/** The share of the width and height of the map's room, about its middle, in which a followed ride may move before the map does. */
const followShare = 0.8

/** Makes the best map this page can have in `container`. Throws where the browser has no WebGL. */
export async function createRiderMap(
  container: HTMLElement,
  options: { camera: Camera; theme: Theme; events: RiderMapEvents },
): Promise<RiderMap> {
  const pointed = createListeners<[place: Place | null]>()
  const moved = createListeners<[box: Box, byUser: boolean]>()
  const routeHovered = createListeners<[rideId: string | null]>()
  let followed: string | null = null
  let isPanning = false
  let hoveredRoute: string | null = null
  /** Until the camera rests: a button or a cluster was pressed, which is as good as a drag. */
  let isSent = false
  let routesBefore: readonly RouteOfRide[] = []
  let chosen: ((place: Place) => void) | null = null

  const events: EngineEvents = {
    ready() {
      say('mapReady', 'true')
      scene.setPalette(palettes[theme])
    },
    drawn() {
      scene.draw()
      awaited.look(engine)
    },
    rested(byUser) {
      isPanning = false
      sayCamera()
      moved.tell(engine.bounds(), byUser || isSent)
      isSent = false
      options.events.cameraRested(engine.camera(), byUser)
    },
    grabbed() {
      framing.leave()
      options.events.grabbed()
    },
    resized() {
      room.measure()
      scene.resized()
      framing.showAgain({ animate: false })
    },
    clicked(x, y) {
      if (chosen !== null) return chosen(engine.placeAt(x, y))
      const hit = scene.at(x, y)
      if (hit !== null && 'cluster' in hit) return lookInto(hit.cluster.members.map(({ at }) => at.place))
      const rideId = hit?.rideId ?? lines.rideAt(x, y)
      if (rideId !== null) options.events.rideClicked(rideId)
    },
    pointed(x, y) {
      const hit = scene.at(x, y)
      hoverRoute(hit === null ? lines.rideAt(x, y) : null)
      engine.setPointer(hit !== null || hoveredRoute !== null)
      scene.point({ x, y })
      pointed.tell(engine.placeAt(x, y))
    },
    left() {
      hoverRoute(null)
      scene.point(null)
      pointed.tell(null)
    },
  }
  let { theme } = options
  const { engine, fallback } = await createEngine({ container, camera: options.camera, theme, events })
  const saying = createSaying(container)
  const { say } = saying
  const awaited = createAwaited(say)
  const scene = createScene(container, engine, palettes[theme], saying, keepInView)
  const lines = createShownLines(engine, saying)
  const calm = window.matchMedia('(prefers-reduced-motion: reduce)')
  const room = createFreeRoom(container, () => framing.showAgain({ animate: true }))
  const framing = createFraming(container, engine, room.now, () => calm.matches)
  say('mapLibrary', engine.library)
  say('mapStyle', engine.style)

  function hoverRoute(rideId: string | null): void {
    if (rideId === hoveredRoute) return
    hoveredRoute = rideId
    routeHovered.tell(rideId)
  }

  /** Goes so near that those who are there are told apart. */
  function lookInto(places: readonly Place[]): void {
    const box = boxAround(places)
    if (box === null) return
    options.events.grabbed()
    isSent = true
    framing.show(box, { animate: true })
    framing.leave()
  }

  function keepInView(): void {
    const moving = followed === null ? undefined : scene.riders.find(followed)
    if (moving === undefined || isPanning || framing.isFlying()) return
    const { width, height } = scene.view()
    const { left, top, right, bottom } = room.now()
    const offX = moving.x - (left + right) / 2
    const offY = moving.y - (top + bottom) / 2
    const isInside =
      Math.abs(offX) < ((right - left) * followShare) / 2 &&
      Math.abs(offY) < ((bottom - top) * followShare) / 2
    if (isInside) return
    isPanning = true
    framing.leave()
    engine.panTo(engine.placeAt(width / 2 + offX, height / 2 + offY), calm.matches ? 0 : 600)
  }

  function sayCamera(): void {
    const { latitude, longitude, zoom } = engine.camera()
    say('camera', `${latitude.toFixed(3)},${longitude.toFixed(3)},${zoom.toFixed(2)}`)
  }

  return {
    library: engine.library,
    style: engine.style,
    fallback,
    missing: awaited.missing,
    setRides(rides) {
      scene.riders.set(rides, performance.now(), calm.matches)
      scene.ridersChanged()
    },
    setTrails(trails) {
      scene.trails.set(trails)
      say('trailPoints', scene.trails.pointCount())
      scene.trailsChanged()
    },
    select(rideId) {
      scene.riders.select(rideId)
      say('selected', rideId)
      scene.ridersChanged()
    },
    setRoute(route) {
      lines.setRoute(route)
      awaited.awaitLines(route === null ? null : 'route')
      const [start, finish] = [route?.lines[0]?.[0], route?.lines.at(-1)?.at(-1)]
      const routeEnds = start === undefined || finish === undefined ? null : { start, finish }
      scene.show({ routeEnds, marks: route?.marks ?? [] })
      say('markCount', route?.marks?.length ?? 0)
    },
    setPointer(pointer) {
      say('pointer', pointer === null ? null : printPlace(pointer))
      scene.show({ pointer })
    },
    setStretch: lines.setStretch,
    setSpots(spots) {
      say('spotCount', spots.length)
      scene.show({ spots })
    },
    setRoutes(routes, highlighted) {
      lines.setRoutes(routes, highlighted)
      // One of them that stands out is no news.
      if (routes !== routesBefore) {
        routesBefore = routes
        awaited.awaitLines(routes.length === 0 ? null : 'routes')
      }
      if (routes.length === 0) hoverRoute(null)
    },
    setCircles(circles) {
      say('circleCount', circles.length)
      say('circleRadii', circles.map(({ radiusMetres }) => radiusMetres).join(' '))
      scene.show({ circles })
    },
    choosePlace(choose) {
      chosen = choose
      container.classList.toggle('is-choosing', choose !== null)
    },
    setCover: room.beside,
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
      // Halfway of a flight there is nothing that anybody wants to see more or less of.
      framing.arrive()
      framing.leave()
      isSent = true
      engine.zoomBy(levels)
    },
    follow(rideId) {
      followed = rideId
      scene.ridersChanged()
    },
    setTheme(next) {
      theme = next
      engine.setTheme(next)
      awaited.awaitMap()
    },
    setUnits: (units) => engine.setUnits(units),
    onPoint: pointed.add,
    onMoved: moved.add,
    onRouteHovered: routeHovered.add,
    destroy() {
      scene.remove()
      engine.remove()
    },
  }
}
