/**
 * What the address of every page may say beside its path, so that a link shows another what one sees oneself:
 * where the map looks, and whether it follows the rider. What cannot be read is left out, never an error.
 */
import type { Camera } from '../map/engine.ts'

export interface Search {
  /** `latitude,longitude,zoom`. Without it the map shows what the page is about. */
  map?: string
  /** Only ever false: following is what a page of a live ride does. */
  follow?: false
}

export function validateSearch(raw: Record<string, unknown>): Search {
  const map = typeof raw['map'] === 'string' && parseCamera(raw['map']) !== null ? raw['map'] : null
  const isFollowOff = raw['follow'] === false || raw['follow'] === 'false'
  return { ...(map === null ? {} : { map }), ...(isFollowOff ? { follow: false } : {}) }
}

export function parseCamera(text: string): Camera | null {
  const numbers = text.split(',').map(Number)
  const [latitude, longitude, zoom] = numbers
  if (numbers.length !== 3 || latitude === undefined || longitude === undefined || zoom === undefined)
    return null
  const isSane = Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 && zoom >= 0 && zoom <= 22
  return isSane ? { latitude, longitude, zoom } : null
}

/** As precise as a screen at that zoom. */
export function printCamera({ latitude, longitude, zoom }: Camera): string {
  const digits = Math.max(1, Math.min(6, Math.ceil(zoom / 3)))
  const turned = ((((longitude + 180) % 360) + 360) % 360) - 180
  return `${latitude.toFixed(digits)},${turned.toFixed(digits)},${zoom.toFixed(2)}`
}
