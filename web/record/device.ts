/** What the phone tells and does: where it is, how full its battery is, and that its screen stays on. */
import { type Cell, createCell } from '../state/cell.ts'

export type Locating =
  /** Nobody has asked. */
  | { readonly status: 'off' }
  /** It is asked; it may take a minute under the open sky. */
  | { readonly status: 'searching' }
  | { readonly status: 'found'; readonly coords: GeolocationCoordinates; readonly atMs: number }
  /** The rider, or the browser's settings, said no. */
  | { readonly status: 'denied' }
  /** Browsers tell it to pages that came by https only. */
  | { readonly status: 'insecure' }
  /** The device does not find itself; it goes on trying. */
  | { readonly status: 'lost' }

export interface Locator {
  readonly locating: Cell<Locating>
  /** Begins, where it has not begun; the browser may ask the rider first. */
  watch(): void
  stop(): void
}

/** Without a fix for so long one is told that there is none. */
const searchWithinMs = 30_000

export function createLocator(taken: (position: GeolocationPosition) => void): Locator {
  const locating = createCell<Locating>({ status: 'off' })
  let watching: number | null = null

  function end(): void {
    if (watching !== null) navigator.geolocation.clearWatch(watching)
    watching = null
  }

  function watch(): void {
    if (watching !== null) return
    if (!window.isSecureContext || !('geolocation' in navigator)) {
      locating.set({ status: 'insecure' })
      return
    }
    locating.set({ status: 'searching' })
    watching = navigator.geolocation.watchPosition(
      (position) => {
        locating.set({ status: 'found', coords: position.coords, atMs: performance.now() })
        taken(position)
      },
      ({ code, PERMISSION_DENIED }) => {
        if (code !== PERMISSION_DENIED) return locating.set({ status: 'lost' })
        end()
        locating.set({ status: 'denied' })
      },
      { enableHighAccuracy: true, maximumAge: 0, timeout: searchWithinMs },
    )
  }

  return {
    locating,
    watch,
    stop() {
      end()
      locating.set({ status: 'off' })
    },
  }
}

/** Whether the browser tells where it is without asking the rider first. */
export async function mayLocate(): Promise<'granted' | 'denied' | 'prompt'> {
  try {
    return (await navigator.permissions.query({ name: 'geolocation' })).state
  } catch {
    return 'prompt'
  }
}

interface Battery extends EventTarget {
  readonly level: number
  readonly charging: boolean
}

/** The charge, 0 to 1; null where the browser does not tell. */
export function watchBattery(): Cell<number | null> {
  const charge = createCell<number | null>(null)
  const { getBattery } = navigator as Navigator & { getBattery?: () => Promise<Battery> }
  void getBattery?.call(navigator).then(
    (battery) => {
      const tell = () => charge.set(battery.level)
      tell()
      battery.addEventListener('levelchange', tell)
    },
    () => undefined,
  )
  return charge
}

export type ScreenHold = 'free' | 'held' | 'refused' | 'unknown here'

export interface Screen {
  readonly hold: Cell<ScreenHold>
  /** Whether it is to stay on from now on. */
  keepOn(wanted: boolean): void
}

/** A browser lets go of it whenever the page is hidden: it is taken again when one comes back. */
export function createScreen(): Screen {
  const hold = createCell<ScreenHold>('free')
  let isWanted = false
  let lock: WakeLockSentinel | null = null
  let isAsking = false

  async function take(): Promise<void> {
    if (!isWanted || lock !== null || isAsking || document.visibilityState !== 'visible') return
    if (!('wakeLock' in navigator)) return hold.set('unknown here')
    isAsking = true
    try {
      const taken = await navigator.wakeLock.request('screen')
      if (!isWanted) return await taken.release()
      lock = taken
      hold.set('held')
      taken.addEventListener('release', () => {
        lock = null
        hold.set(isWanted ? 'refused' : 'free')
        void take()
      })
    } catch {
      // The battery is low, or the browser is set so.
      hold.set('refused')
    } finally {
      isAsking = false
    }
  }

  document.addEventListener('visibilitychange', () => void take())
  return {
    hold,
    keepOn(wanted) {
      isWanted = wanted
      if (wanted) void take()
      else void lock?.release()
      if (!wanted && lock === null) hold.set('free')
    },
  }
}
