/**
 * How the lines of ours are drawn: a ride's with a casing beneath, so that it stays legible on any ground; thin below it what
 * was ridden at other times, and below all the graticule's.
 */
import type { Feature, FeatureCollection, LineString } from 'geojson'
import type { DrawnLine, LineName } from './engine.ts'
import type { Palette } from './palette.ts'

export const lineWidthPx = 4
const casingWidthPx = 8
const stretchWidthPx = 10
const thinWidthPx = 2
const gapWidthPx = 2.5
const graticuleWidthPx = 0.6

type ColourOf = string | ['coalesce', ['get', 'colour'], string]

interface LineLayer {
  id: string
  type: 'line'
  source: LineName
  layout: { 'line-cap': 'round' | 'butt'; 'line-join': 'round' }
  paint: {
    'line-color': ColourOf
    'line-width': number
    'line-opacity': number
    'line-dasharray'?: [number, number]
  }
}

/** In drawing order. */
export const lineNames: readonly LineName[] = [
  'graticule',
  'routes',
  'highlighted',
  'gaps',
  'casing',
  'stretch',
  'route',
  'trail',
]

/** How strong thin lines are drawn while another stands out of them. */
export const paleOpacity = 0.3

/** Those that can be pointed at, the upper first. */
export const pointedLayers = ['highlighted', 'routes'] as const

/** A finger or a pointer is on a thin line when it is so near to it. */
const nearPx = 6

export function boxAroundPoint(x: number, y: number): [[number, number], [number, number]] {
  return [
    [x - nearPx, y - nearPx],
    [x + nearPx, y + nearPx],
  ]
}

/**
 * How far a line may be from where it is, in pixels, to be drawn with fewer points. Of a route in many colours each piece is a line
 * of its own, and the libraries leave out those shorter than this: none may be.
 */
export function toleranceOf(name: LineName): number {
  return name === 'route' ? 0 : 0.2
}

export function lineLayers(name: LineName, palette: Palette): LineLayer[] {
  const layer = (id: string, colour: ColourOf, width: number, opacity = 1): LineLayer => ({
    id,
    type: 'line',
    source: name,
    layout: { 'line-cap': 'round', 'line-join': 'round' },
    paint: { 'line-color': colour, 'line-width': width, 'line-opacity': opacity },
  })
  const own = (colour: string): ColourOf => ['coalesce', ['get', 'colour'], colour]
  const casing = () => layer(`${name}-casing`, palette.routeCasing, casingWidthPx, 0.85)
  switch (name) {
    case 'graticule':
      return [layer(name, palette.graticule, graticuleWidthPx, 0.7)]
    case 'routes':
      return [layer(name, own(palette.route), thinWidthPx)]
    case 'highlighted':
      return [casing(), layer(name, palette.route, lineWidthPx)]
    case 'gaps': {
      const { paint, ...gaps } = layer(name, palette.gap, gapWidthPx)
      const dashes: [number, number] = [1.6, 1.6]
      return [
        {
          ...gaps,
          layout: { ...gaps.layout, 'line-cap': 'butt' },
          paint: { ...paint, 'line-dasharray': dashes },
        },
      ]
    }
    case 'casing':
      return [layer(name, palette.routeCasing, casingWidthPx, 0.85)]
    case 'stretch':
      return [layer(name, palette.stretch, stretchWidthPx)]
    case 'route':
      return [layer(name, own(palette.route), lineWidthPx)]
    case 'trail':
      return [casing(), layer(name, own(palette.trail), lineWidthPx)]
    default:
      return name satisfies never
  }
}

export type LineFeatures = FeatureCollection<LineString, { colour?: string; rideId?: string }>

/** Lines of fewer than two points have no length and are left out: the libraries fault them. */
export function lineFeatures(lines: readonly DrawnLine[]): LineFeatures {
  const features = lines
    .filter(({ places }) => places.length > 1)
    .map(({ places, ...properties }): Feature<LineString, { colour?: string; rideId?: string }> => {
      const coordinates = places.map(([x, y]) => [x, y])
      return { type: 'Feature', properties, geometry: { type: 'LineString', coordinates } }
    })
  return { type: 'FeatureCollection', features }
}
