/**
 * What the app needs of a map library, and no more: MapLibre and Mapbox each implement it in a file of their own,
 * loaded only when it is the one in use. Everything that is the same for both (markers, glide, follow) is above it,
 * in rider-map.ts.
 */
import type { Units } from '../rides/format.ts'
import type { Box } from './geodesy.ts'
import type { Place } from './glide.ts'
import type { Theme } from './palette.ts'

export interface Camera {
  longitude: number
  latitude: number
  /** As both libraries count it: 0 is the world in a tile of 512 px. */
  zoom: number
}

/** From the lowest to the uppermost. `casing` is the route's, in one piece however many colours it has. */
export type LineName =
  | 'graticule'
  | 'routes'
  | 'highlighted'
  | 'gaps'
  | 'casing'
  | 'stretch'
  | 'route'
  | 'trail'

export interface DrawnLine {
  places: readonly Place[]
  /** Any colour that CSS knows by name, hex, rgb() or hsl(); else the palette's for lines of this name. */
  colour?: string
  /** Whose it is, for `rideOfLineAt`. */
  rideId?: string
}

export interface FitOptions {
  /** Free room at each side, in CSS pixels. */
  paddingPx: { top: number; right: number; bottom: number; left: number }
  maxZoom: number
  /** 0: at once. */
  durationMs: number
}

export interface EngineEvents {
  /** The style stands, for the first time or after a change of theme; lines set before are drawn again. */
  ready(): void
  /** The camera is about to be drawn somewhere else: what lies above the map must be drawn with it. */
  drawn(): void
  /** The camera came to rest. `byUser` tells a drag from a flight of ours. */
  rested(byUser: boolean): void
  /** A drag, wheel or key of the user's began to move the map. */
  grabbed(): void
  /** Its place in the page has another size now, and the map fills it. */
  resized(): void
  /** In CSS pixels from the top left corner of the map. */
  clicked(x: number, y: number): void
  pointed(x: number, y: number): void
  /** The pointer is elsewhere. */
  left(): void
}

export interface Engine {
  readonly library: 'maplibre' | 'mapbox'
  readonly style: 'mapbox' | 'openfreemap' | 'built-in'
  /** In CSS pixels from the top left corner of the map. It is neither turned nor tilted: `flatView` is the way back. */
  placeAt(x: number, y: number): Place
  camera(): Camera
  bounds(): Box
  jumpTo(camera: Camera): void
  panTo(place: Place, durationMs: number): void
  fitBounds(box: Box, options: FitOptions): void
  zoomBy(levels: number): void
  setTheme(theme: Theme): void
  /** Of the scale. */
  setUnits(units: Units): void
  /** Draws the lines in place of those before under the same name. */
  setLines(name: LineName, lines: readonly DrawnLine[]): void
  /** Whether all of the map that is in sight is in the picture. */
  isDrawn(): boolean
  /** Whether what was set under these names is in the picture. */
  areDrawn(names: readonly LineName[]): boolean
  /** Draws the lines of `routes` pale, so that `highlighted` stands out of them. */
  setPale(arePale: boolean): void
  /** Whose line of `routes` or `highlighted` is drawn within some pixels of there. */
  rideOfLineAt(x: number, y: number): string | null
  /** Whether a click would do something. */
  setPointer(isOverRide: boolean): void
  remove(): void
}

export interface EngineOptions {
  container: HTMLElement
  camera: Camera
  theme: Theme
  events: EngineEvents
}
