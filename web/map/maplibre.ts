/** MapLibre GL as the app's map engine: on OpenFreeMap's style, or on the one built in. */
import 'maplibre-gl/dist/maplibre-gl.css'
import { AttributionControl, GeoJSONSource, MapLibreMap, ScaleControl, setWorkerUrl } from 'maplibre-gl'
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url'
import { builtInStyle, loadWorld } from './built-in-style.ts'
import type { Camera, DrawnLine, Engine, EngineOptions, LineName } from './engine.ts'
import { makeFocusable } from './focusable.ts'
import {
  boxAroundPoint,
  type LineFeatures,
  lineFeatures,
  lineLayers,
  lineNames,
  paleOpacity,
  pointedLayers,
  toleranceOf,
} from './line-layers.ts'
import { palettes, type Theme } from './palette.ts'

const openFreeMapStyles: Record<Theme, string> = {
  light: 'https://tiles.openfreemap.org/styles/positron',
  dark: 'https://tiles.openfreemap.org/styles/dark',
}

/** The built-in map has no detail beyond this. */
const builtInMaxZoom = 17
const tilesMaxZoom = 19

export async function createMapLibreEngine(
  style: 'openfreemap' | 'built-in',
  { container, camera, theme, events }: EngineOptions,
): Promise<Engine> {
  setWorkerUrl(workerUrl)
  const world = style === 'built-in' ? await loadWorld() : null
  const styleOf = (next: Theme) => (world === null ? openFreeMapStyles[next] : builtInStyle(world, next))
  const lines = new Map<LineName, LineFeatures>(lineNames.map((name) => [name, lineFeatures([])]))
  let palette = palettes[theme]
  let arePale = false
  const drawPale = () => {
    if (map.getLayer('routes') !== undefined)
      map.setPaintProperty('routes', 'line-opacity', arePale ? paleOpacity : 1)
  }

  const map = new MapLibreMap({
    container,
    style: styleOf(theme),
    center: [camera.longitude, camera.latitude],
    zoom: camera.zoom,
    maxZoom: world === null ? tilesMaxZoom : builtInMaxZoom,
    maxPitch: 0,
    dragRotate: false,
    rollEnabled: false,
    attributionControl: false,
    fadeDuration: 0,
  })
  makeFocusable(map.getCanvasContainer(), map.getCanvas())
  map.touchZoomRotate.disableRotation()
  map.keyboard.disableRotation()
  map.addControl(new AttributionControl({ compact: true }), 'bottom-right')
  const scale = new ScaleControl({ unit: 'metric', maxWidth: 120 })
  map.addControl(scale, 'bottom-left')

  map.on('style.load', () => {
    for (const name of lineNames) {
      if (map.getSource(name) !== undefined) continue
      const data = lines.get(name) ?? lineFeatures([])
      map.addSource(name, { type: 'geojson', data, tolerance: toleranceOf(name) })
      for (const layer of lineLayers(name, palette)) map.addLayer(layer)
    }
    drawPale()
    events.ready()
  })
  map.on('render', () => events.drawn())
  map.on('movestart', ({ originalEvent }) => {
    if (originalEvent !== undefined) events.grabbed()
  })
  map.on('moveend', ({ originalEvent }) => events.rested(originalEvent !== undefined))
  map.on('resize', () => events.resized())
  map.on('click', ({ point }) => events.clicked(point.x, point.y))
  map.on('mousemove', ({ point }) => events.pointed(point.x, point.y))
  map.on('mouseout', () => events.left())

  return {
    library: 'maplibre',
    style,
    placeAt(x, y) {
      const { lng, lat } = map.unproject([x, y]).wrap()
      return [lng, lat]
    },
    camera(): Camera {
      const { lng, lat } = map.getCenter()
      return { longitude: lng, latitude: lat, zoom: map.getZoom() }
    },
    bounds() {
      const bounds = map.getBounds()
      return {
        west: bounds.getWest(),
        south: bounds.getSouth(),
        east: bounds.getEast(),
        north: bounds.getNorth(),
      }
    },
    jumpTo: ({ longitude, latitude, zoom }) => void map.jumpTo({ center: [longitude, latitude], zoom }),
    panTo: (place, duration) => void map.easeTo({ center: [place[0], place[1]], duration }),
    fitBounds: ({ west, south, east, north }, { paddingPx: padding, maxZoom, durationMs }) =>
      void map.fitBounds([west, south, east, north], {
        padding,
        maxZoom,
        duration: durationMs,
        linear: true,
      }),
    zoomBy: (levels) => void map.easeTo({ zoom: map.getZoom() + levels, duration: 250 }),
    setTheme(next) {
      palette = palettes[next]
      map.setStyle(styleOf(next), { diff: false })
    },
    setUnits: (units) => scale.setUnit(units),
    setLines(name: LineName, drawn: readonly DrawnLine[]) {
      const data = lineFeatures(drawn)
      lines.set(name, data)
      const source = map.getSource(name)
      if (source instanceof GeoJSONSource) void source.setData(data)
    },
    isDrawn: () => map.loaded(),
    areDrawn: (names) => names.every((name) => map.getSource(name) !== undefined && map.isSourceLoaded(name)),
    setPale(pale) {
      if (pale === arePale) return
      arePale = pale
      drawPale()
    },
    rideOfLineAt(x, y) {
      if (map.getLayer(pointedLayers[0]) === undefined) return null
      const found = map.queryRenderedFeatures(boxAroundPoint(x, y), { layers: [...pointedLayers] })
      const rideId: unknown = found[0]?.properties?.['rideId']
      return typeof rideId === 'string' ? rideId : null
    },
    setPointer: (isOverRide) => void map.getCanvas().classList.toggle('over-ride', isOverRide),
    remove: () => map.remove(),
  }
}
