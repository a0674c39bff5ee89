/**
 * What is drawn above the map's own picture, and when: with each frame in which the map or a rider has moved so far that it is
 * seen, and not otherwise.
 */
import type { Camera, Engine } from './engine.ts'
import { type FlatView, flatView } from './flat-view.ts'
import type { Place } from './glide.ts'
import { boxBeyond, graticule, graticuleLines } from './graticule.ts'
import type { Palette } from './palette.ts'
import { createRiders, type Riders } from './riders.ts'
import { createRidersOverlay } from './riders-overlay.ts'
import { printPlace, type Saying } from './saying.ts'
import { drawnLines } from './shown-lines.ts'
import { type Spot, spotAt } from './spots.ts'
import { createStillOverlay, type Stills } from './still-overlay.ts'
import { createTrails, type Trails } from './trails.ts'

export interface Scene {
  readonly riders: Riders
  readonly trails: Trails
  view(): FlatView
  /** Something else is shown: it is drawn with the next frame. */
  show(change: Partial<Stills & { pointer: Place | null }>): void
  /** Riders were set: with the next frame it is seen whether anything is to be drawn. */
  ridersChanged(): void
  trailsChanged(): void
  /** The map has taken the size of its place: a frame before saw the one without the other. */
  resized(): void
  /** The map is being drawn: what lies above it is drawn now, so that both move together. */
  draw(): void
  setPalette(palette: Palette): void
  /** Null: the pointer is not over the map. */
  point(at: { x: number; y: number } | null): void
  at: ReturnType<typeof createRidersOverlay>['at']
  remove(): void
}

/** While markers move it is said in the page where they are so often. */
const sayEveryMs = 250

/** @param afterEach is called when the riders are where they are now. */
export function createScene(
  container: HTMLElement,
  engine: Engine,
  firstPalette: Palette,
  { say }: Saying,
  afterEach: () => void,
): Scene {
  const riders = createRiders()
  const trails = createTrails(engine)
  const stillOverlay = createStillOverlay(container)
  const ridersOverlay = createRidersOverlay(container, riders, trails, firstPalette)
  const stills: Stills = { routeEnds: null, marks: [], spots: [], circles: [] }
  let palette = firstPalette
  let pointer: Place | null = null
  let named: Spot | null = null
  let seen = { longitude: Number.NaN, latitude: 0, zoom: 0, width: 0, height: 0 }
  let view = look(engine.camera())
  let isStillStale = true
  let isRidersStale = true
  let graticuleKey = ''
  let frame = 0
  let saidMs = Number.NEGATIVE_INFINITY

  function look(camera: Camera): FlatView {
    const { clientWidth: width, clientHeight: height } = container
    const { longitude, latitude, zoom } = camera
    seen = { longitude, latitude, zoom, width, height }
    return flatView(camera, width, height)
  }

  function hasMoved({ longitude, latitude, zoom }: Camera): boolean {
    return (
      longitude !== seen.longitude ||
      latitude !== seen.latitude ||
      zoom !== seen.zoom ||
      container.clientWidth !== seen.width ||
      container.clientHeight !== seen.height
    )
  }

  function draw(): void {
    const nowMs = performance.now()
    const camera = engine.camera()
    if (hasMoved(camera)) {
      view = look(camera)
      isStillStale = true
      isRidersStale = true
    }
    if (isStillStale) {
      isStillStale = false
      const isBuiltIn = engine.style === 'built-in'
      if (isBuiltIn) drawGraticule()
      stillOverlay.draw(view, stills, isBuiltIn ? engine.bounds() : null, palette)
    }
    const { isMoving, isChanged } = riders.advance(view, nowMs)
    if (isChanged || isRidersStale) {
      isRidersStale = false
      ridersOverlay.draw(view, { pointer, named })
      trails.settle(nowMs)
    }
    if (!isMoving || nowMs - saidMs >= sayEveryMs) {
      saidMs = nowMs
      describe()
    }
    afterEach()
    if (isMoving) schedule()
  }

  function schedule(): void {
    if (frame !== 0) return
    frame = requestAnimationFrame(() => {
      frame = 0
      draw()
    })
  }

  function drawGraticule(): void {
    const box = engine.bounds()
    const beyond = boxBeyond(box)
    const lines = graticule(beyond, box.east - box.west)
    if (lines.key === graticuleKey) return
    graticuleKey = lines.key
    engine.setLines('graticule', drawnLines(graticuleLines(lines, beyond)))
  }

  function describe(): void {
    const all = riders.all()
    say('markerCount', all.length)
    say('clusterCount', riders.clusters().length)
    const first = all.slice(0, 10)
    say('markers', first.map(({ at }) => printPlace(at.place)).join(' '))
  }

  return {
    riders,
    trails,
    view: () => view,
    show(change) {
      if (change.pointer !== undefined) {
        pointer = change.pointer
        isRidersStale = true
      }
      const { pointer: _, ...others } = change
      if (Object.keys(others).length > 0) {
        Object.assign(stills, others)
        isStillStale = true
      }
      schedule()
    },
    ridersChanged: schedule,
    trailsChanged() {
      isRidersStale = true
      schedule()
    },
    resized() {
      isStillStale = true
      isRidersStale = true
      schedule()
    },
    draw,
    setPalette(next) {
      palette = next
      ridersOverlay.setPalette(next)
      isStillStale = true
      isRidersStale = true
      schedule()
    },
    point(at) {
      const next = at === null || stills.spots.length === 0 ? null : spotAt(stills.spots, view, at.x, at.y)
      if (next === named) return
      named = next
      isRidersStale = true
      schedule()
    },
    at: ridersOverlay.at,
    remove() {
      cancelAnimationFrame(frame)
      stillOverlay.remove()
      ridersOverlay.remove()
    },
  }
}
