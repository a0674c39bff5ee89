/** The map without the product: `window.stage` makes it, feeds it, and counts its frames. */
import '../../../web/styles/tokens.css'
import '../../../web/styles/map.css'
import type { Camera } from '../../../web/map/engine.ts'
import type { Place } from '../../../web/map/glide.ts'
import { createRiderMap, type RiderMap } from '../../../web/map/rider-map.ts'
import { createCrowd } from './crowd.ts'

export interface FrameRate {
  perSecond: number
  /** Milliseconds of the page's main thread in each second. */
  busyMs: number
  /** Those that took longer than a thirtieth of a second. */
  long: number
  longestMs: number
}

const liveEveryMs = 250

const stage = {
  map: undefined as RiderMap | undefined,
  clicked: [] as string[],
  point: null as Place | null,
  hoveredRoute: null as string | null,
  moved: [] as boolean[],
  end: undefined as (() => void) | undefined,

  async open(camera: Camera, theme: 'light' | 'dark' = 'light'): Promise<void> {
    const container = document.querySelector<HTMLElement>('.map')
    if (container === null) throw new Error('The stage has no map.')
    document.documentElement.dataset['theme'] = theme
    stage.map = await createRiderMap(container, {
      camera,
      theme,
      events: {
        rideClicked: (rideId) => stage.clicked.push(rideId),
        cameraRested: () => {},
        grabbed: () => {},
      },
    })
    stage.map.onPoint((place) => {
      stage.point = place
    })
    stage.map.onRouteHovered((rideId) => {
      stage.hoveredRoute = rideId
    })
    stage.map.onMoved((_, byUser) => stage.moved.push(byUser))
  },

  /** Rides move from now on. `spread`: degrees about their town. */
  crowd(size: number, spread: number): void {
    const crowd = createCrowd(size, spread)
    const startMs = performance.now()
    const tell = () => stage.map?.setRides(crowd.at(performance.now() - startMs))
    tell()
    const timer = setInterval(tell, liveEveryMs)
    stage.end = () => clearInterval(timer)
  },

  async frames(forMs: number): Promise<FrameRate> {
    const gaps: number[] = []
    const busy = watchMainThread()
    let before = await nextFrame()
    const startMs = before
    while (before - startMs < forMs) {
      const now = await nextFrame()
      gaps.push(now - before)
      before = now
    }
    const seconds = (before - startMs) / 1_000
    return {
      perSecond: gaps.length / seconds,
      busyMs: busy() / seconds,
      long: gaps.filter((gap) => gap > 1_000 / 30 + 1).length,
      longestMs: Math.max(...gaps),
    }
  },
}

function nextFrame(): Promise<number> {
  return new Promise((resolve) => requestAnimationFrame(resolve))
}

/** How long animation callbacks ran, of whoever asked for them. */
function watchMainThread(): () => number {
  const original = window.requestAnimationFrame
  let sum = 0
  window.requestAnimationFrame = (callback) =>
    original.call(window, (time) => {
      const start = performance.now()
      callback(time)
      sum += performance.now() - start
    })
  return () => {
    window.requestAnimationFrame = original
    return sum
  }
}

declare global {
  interface Window {
    stage: typeof stage
  }
}
window.stage = stage
