/** Mapbox GL as the app's map engine, for those who have a token. */
import 'mapbox-gl/mapbox-gl.css'
import { AttributionControl, Map as MapboxMap, ScaleControl } from 'mapbox-gl/esm'
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

const styles: Record<Theme, string> = {
  light: 'mapbox://styles/mapbox/light-v11',
  dark: 'mapbox://styles/mapbox/dark-v11',
}

export function createMapboxEngine(
  token: string,
  { container, camera, theme, events }: EngineOptions,
): Engine {
  const lines = new Map<LineName, LineFeatures>(lineNames.map((name) => [name, lineFeatures([])]))
  let palette = palettes[theme]
  let arePale = false
  const drawPale = () => {
    if (map.getLayer('routes') !== undefined)
      map.setPaintProperty('routes', 'line-opacity', arePale ? paleOpacity : 1)
  }

  const map = new MapboxMap({
    container,
    accessToken: token,
    style: styles[theme],
    center: [camera.longitude, camera.latitude],
    zoom: camera.zoom,
    projection: 'mercator',
    maxPitch: 0,
    dragRotate: false,
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
      if (map.getSource(name)) continue
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
    library: 'mapbox',
    style: 'mapbox',
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
      if (bounds === null) return { west: -180, south: -85, east: 180, north: 85 }
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
      map.setStyle(styles[next])
    },
    setUnits: (units) => scale.setUnit(units),
    setLines(name: LineName, drawn: readonly DrawnLine[]) {
      const data = lineFeatures(drawn)
      lines.set(name, data)
      const source = map.getSource(name)
      if (source?.type === 'geojson') source.setData(data)
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
