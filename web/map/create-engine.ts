/** Loads the map library that this page can use, and only that one. */
import { chooseMap, loadPageConfig } from './choose.ts'
import type { Engine, EngineOptions } from './engine.ts'

export async function createEngine(options: EngineOptions): Promise<Engine> {
  const choice = await chooseMap(await loadPageConfig())
  if (choice.kind === 'mapbox') {
    const { createMapboxEngine } = await import('./mapbox.ts')
    return createMapboxEngine(choice.token, options)
  }
  const { createMapLibreEngine } = await import('./maplibre.ts')
  return createMapLibreEngine(choice.kind, options)
}
