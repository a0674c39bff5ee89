/**
 * The map that needs nothing but this server: land and borders of Natural Earth (world-atlas), a graticule, no
 * fonts and no tiles. Offline, and where no map service answers, rides are drawn on it.
 */
import type { Feature, FeatureCollection, MultiLineString } from 'geojson'
import type { StyleSpecification } from 'maplibre-gl'
import { feature, mesh } from 'topojson-client'
import type { GeometryCollection, Topology } from 'topojson-specification'
import worldUrl from 'world-atlas/countries-50m.json?url'
import { palettes, type Theme } from './palette.ts'

export interface World {
  land: Feature | FeatureCollection
  borders: MultiLineString
}

type WorldTopology = Topology<{ countries: GeometryCollection; land: GeometryCollection }>

/** Fetches land and borders from this server. Throws where the server does not answer. */
export async function loadWorld(): Promise<World> {
  const response = await fetch(worldUrl)
  if (!response.ok) throw new Error(`the built-in map did not load: HTTP ${response.status}`)
  const topology: WorldTopology = await response.json()
  return {
    land: feature(topology, topology.objects.land),
    // Borders between two countries only: the coast is the land's edge already.
    borders: mesh(topology, topology.objects.countries, (a, b) => a !== b),
  }
}

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
      { id: 'water', type: 'background', paint: { 'background-color': palette.water } },
      { id: 'land', type: 'fill', source: 'land', paint: { 'fill-color': palette.land } },
      {
        id: 'borders',
        type: 'line',
        source: 'borders',
        paint: { 'line-color': palette.border, 'line-width': 1 },
      },
    ],
  }
}
