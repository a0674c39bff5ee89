/**
 * The map as the app speaks to it: rides that move, a trail that grows, a route that is finished. It hides which
 * library draws it, and is the only place that knows both a ride and a map.
 */

import { createEngine } from './create-engine.ts'
import type { Camera, Engine, EngineEvents } from './engine.ts'
import { createFraming, type FramingOptions } from './framing.ts'
import type { Box } from './geodesy.ts'
import { glideAt, type Place } from './glide.ts'
import { boxBeyond, graticule, graticuleLines } from './graticule.ts'
import { type MapRide, type Moving, move } from './moving-ride.ts'
import { type Circle, createOverlay, type MarkerShown, type RouteEnds } from './overlay.ts'
import { palettes, type Theme } from './palette.ts'
import { createTrail } from './trail.ts'

export interface RiderMapEvents {
  rideClicked(rideId: string): void
  /** `byUser` tells a drag from a flight of ours. */
  cameraRested(camera: Camera, byUser: boolean): void
  grabbed(): void
}

export interface RiderMap {
  readonly library: Engine['library']
  readonly style: Engine['style']
  setRides(rides: readonly MapRide[]): void
  /** The line behind a ride among `setRides`, up to its marker; the lines may grow in place. */
  setTrail(rideId: string | null, lines: readonly (readonly Place[])[]): void
  setRoute(lines: readonly (readonly Place[])[]): void
  /** Thin lines: many rides at once. */
  setRidden(lines: readonly (readonly Place[])[]): void
  setCircles(circles: readonly Circle[]): void
  /** From now on a click on the map is a place that is chosen; null: no more. */
  choosePlace(chosen: ((place: Place) => void) | null): void
  /** Until somebody moves the map, in whatever size it gets. */
  fitBounds(box: Box, options: FramingOptions): void
  middle(): Place
  setCamera(camera: Camera): void
  zoomBy(levels: number): void
  /** Keeps this ride in view as it moves; null: no ride. */
  follow(rideId: string | null): void
  setTheme(theme: Theme): void
  destroy(): void
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
  let routeEnds: RouteEnds | null = null
  let circles: readonly Circle[] = []
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
      options.events.cameraRested(engine.camera(), byUser)
    },
    grabbed: () => {
      framing.leave()
      options.events.grabbed()
    },
    resized: () => framing.showAgain(),
    clicked: (x, y) => {
      if (chosen !== null) return chosen(engine.placeAt(x, y))
      const rideId = overlay.rideAt(x, y)
      if (rideId !== null) options.events.rideClicked(rideId)
    },
    pointed: (x, y) => engine.setPointer(overlay.rideAt(x, y) !== null),
  }
  const engine = await createEngine({ container, camera: options.camera, theme: options.theme, events })
  const overlay = createOverlay(container, engine)
  const trail = createTrail(engine)
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
      const tail = trail.tail(ride.rideId, place, glide.path.length - passed, nowMs)
      markers.push({ rideId: ride.rideId, place, heading, isPaused: ride.isPaused, label: ride.label, tail })
    }
    overlay.draw({ markers, routeEnds, circles }, palette)
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
    engine.setLine('graticule', graticuleLines(lines, beyond))
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

  function sayCamera(): void {
    const { latitude, longitude, zoom } = engine.camera()
    container.dataset['camera'] = `${latitude.toFixed(3)},${longitude.toFixed(3)},${zoom.toFixed(2)}`
  }

  return {
    library: engine.library,
    style: engine.style,
    setRides(rides) {
      const nowMs = performance.now()
      const before = new Map(moving)
      moving.clear()
      for (const ride of rides)
        moving.set(ride.rideId, move(before.get(ride.rideId), ride, nowMs, calm.matches))
      draw()
    },
    setTrail(rideId, lines) {
      trail.set(rideId, lines)
      container.dataset['trailPoints'] = String(trail.pointCount())
      draw()
    },
    setRoute(lines) {
      container.dataset['routePoints'] = String(countPoints(lines))
      const [start, finish] = [lines[0]?.[0], lines.at(-1)?.at(-1)]
      routeEnds = start === undefined || finish === undefined ? null : { start, finish }
      engine.setLine('route', lines)
      draw()
    },
    setRidden(lines) {
      container.dataset['riddenPoints'] = String(countPoints(lines))
      engine.setLine('ridden', lines)
    },
    setCircles(shown) {
      circles = shown
      container.dataset['circleCount'] = String(shown.length)
      container.dataset['circleRadii'] = shown.map(({ radiusMetres }) => radiusMetres).join(' ')
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
    setCamera(camera) {
      framing.leave()
      engine.jumpTo(camera)
    },
    zoomBy(levels) {
      framing.leave()
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
    destroy() {
      cancelAnimationFrame(frame)
      overlay.remove()
      engine.remove()
    },
  }
}

function countPoints(lines: readonly (readonly Place[])[]): number {
  return lines.reduce((sum, line) => sum + line.length, 0)
}

/** Says in the page what a canvas shows: for those who test it, and for those who script it. */
function describe(container: HTMLElement, markers: readonly MarkerShown[]): void {
  container.dataset['markerCount'] = String(markers.length)
  container.dataset['markers'] = markers
    .slice(0, 10)
    .map(({ place }) => `${place[1].toFixed(6)},${place[0].toFixed(6)}`)
    .join(' ')
}
