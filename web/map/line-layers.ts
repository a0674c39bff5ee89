/**
 * How the lines of ours are drawn: a ride's with a casing beneath, so that it stays legible on any ground; thin below it what
 * was ridden at other times, and below all the graticule's.
 */
import type { MultiLineString } from 'geojson'
import type { LineName } from './engine.ts'
import type { Place } from './glide.ts'
import type { Palette } from './palette.ts'

export const lineWidthPx = 4
const casingWidthPx = 8
const riddenWidthPx = 2
const graticuleWidthPx = 0.6

interface LineLayer {
  id: string
  type: 'line'
  source: LineName
  layout: { 'line-cap': 'round'; 'line-join': 'round' }
  paint: { 'line-color': string; 'line-width': number; 'line-opacity': number }
}

/** In drawing order. */
export const lineNames: readonly LineName[] = ['graticule', 'ridden', 'route', 'trail']

export function lineLayers(name: LineName, palette: Palette): LineLayer[] {
  const layout = { 'line-cap': 'round', 'line-join': 'round' } as const
  const base = { type: 'line', source: name, layout } as const
  if (name === 'graticule') {
    const paint = { 'line-color': palette.graticule, 'line-width': graticuleWidthPx, 'line-opacity': 0.7 }
    return [{ ...base, id: name, paint }]
  }
  if (name === 'ridden') {
    const paint = { 'line-color': palette.route, 'line-width': riddenWidthPx, 'line-opacity': 1 }
    return [{ ...base, id: name, paint }]
  }
  return [
    {
      ...base,
      id: `${name}-casing`,
      paint: { 'line-color': palette.routeCasing, 'line-width': casingWidthPx, 'line-opacity': 0.85 },
    },
    {
      ...base,
      id: name,
      paint: { 'line-color': palette[name], 'line-width': lineWidthPx, 'line-opacity': 1 },
    },
  ]
}

/** Lines of fewer than two points have no length and are left out: the libraries fault them. */
export function lineGeometry(lines: readonly (readonly Place[])[]): MultiLineString {
  const coordinates = lines.filter((line) => line.length > 1).map((line) => line.map(([x, y]) => [x, y]))
  return { type: 'MultiLineString', coordinates }
}
