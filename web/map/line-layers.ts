/** How a ride's line is drawn: a casing beneath, so that it stays legible on any ground, and the line itself. */
import type { LineName } from './engine.ts'
import type { Place } from './glide.ts'
import type { Palette } from './palette.ts'

export const lineWidthPx = 4
const casingWidthPx = 8

interface LineLayer {
  id: string
  type: 'line'
  source: LineName
  layout: { 'line-cap': 'round'; 'line-join': 'round' }
  paint: { 'line-color': string; 'line-width': number; 'line-opacity': number }
}

/** In drawing order. */
export const lineNames: readonly LineName[] = ['route', 'trail']

export function lineLayers(name: LineName, palette: Palette): LineLayer[] {
  const layout = { 'line-cap': 'round', 'line-join': 'round' } as const
  const base = { type: 'line', source: name, layout } as const
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
export function lineGeometry(lines: readonly (readonly Place[])[]): GeoJSON.MultiLineString {
  const coordinates = lines.filter((line) => line.length > 1).map((line) => line.map(([x, y]) => [x, y]))
  return { type: 'MultiLineString', coordinates }
}
