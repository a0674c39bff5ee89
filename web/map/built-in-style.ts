/**
 * The map that needs nothing but this server: land and borders of Natural Earth (world-atlas), a graticule, no
 * fonts and no tiles. Offline, and where no map service answers, rides are drawn on it.
 */
import type { MultiLineString, MultiPolygon } from 'geojson'
import type { ExpressionSpecification, StyleSpecification } from 'maplibre-gl'
import { feature, mesh } from 'topojson-client'
import type { GeometryCollection, Topology } from 'topojson-specification'
import worldUrl from 'world-atlas/countries-50m.json?url'
import { palettes, type Theme } from './palette.ts'
import { unwrapPolygon } from './unwrap.ts'

export interface World {
  land: MultiPolygon
  borders: MultiLineString
}

type WorldTopology = Topology<{ countries: GeometryCollection; land: GeometryCollection }>

/** Fetches land and borders from this server. Throws where the server does not answer. */
export async function loadWorld(): Promise<World> {
  const response = await fetch(worldUrl)
  if (!response.ok) throw new Error(`the built-in map did not load: HTTP ${response.status}`)
  const topology: WorldTopology = await response.json()
  return {
    land: flatLand(topology),
    // Borders between two countries only: the coast is the land's edge already.
    borders: mesh(topology, topology.objects.countries, (a, b) => a !== b),
  }
}

/**
 * Natural Earth at 1:50 million is right to a few kilometres. Between these zooms the coast fades into plain ground:
 * drawn any closer it would put riders into the sea.
 */
const coastFades = { from: 7.5, to: 10 }

export function builtInStyle(world: World, theme: Theme): StyleSpecification {
  const palette = palettes[theme]
  return {
    version: 8,
    name: `Slipstream ${theme}`,
    sources: {
      land: { type: 'geojson', data: world.land, attribution: 'Natural Earth' },
      borders: { type: 'geojson', data: world.borders },
    },
    layers: [
      { id: 'water', type: 'background', paint: { 'background-color': fade(palette.water, palette.land) } },
      { id: 'land', type: 'fill', source: 'land', paint: { 'fill-color': palette.land } },
      {
        id: 'borders',
        type: 'line',
        source: 'borders',
        paint: { 'line-color': fade(palette.border, palette.land), 'line-width': 1 },
      },
    ],
  }
}

function flatLand(topology: WorldTopology): MultiPolygon {
  const polygons = feature(topology, topology.objects.land).features.flatMap(({ geometry }) => {
    if (geometry.type === 'Polygon') return [geometry.coordinates]
    return geometry.type === 'MultiPolygon' ? geometry.coordinates : []
  })
  return {
    type: 'MultiPolygon',
    coordinates: polygons.map((coordinates) => unwrapPolygon({ type: 'Polygon', coordinates }).coordinates),
  }
}

function fade(far: string, near: string): ExpressionSpecification {
  return ['interpolate', ['linear'], ['zoom'], coastFades.from, far, coastFades.to, near]
}
