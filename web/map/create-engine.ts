/** Loads the map library that this page can use, and only that one. */
import { chooseMap, type Fallback, loadPageConfig } from './choose.ts'
import type { Engine, EngineOptions } from './engine.ts'

export type { Fallback }

export async function createEngine(
  options: EngineOptions,
): Promise<{ engine: Engine; fallback: Fallback | null }> {
  const { choice, fallback } = await chooseMap(await loadPageConfig())
  if (choice.kind === 'mapbox') {
    const { createMapboxEngine } = await import('./mapbox.ts')
    return { engine: createMapboxEngine(choice.token, options), fallback }
  }
  const { createMapLibreEngine } = await import('./maplibre.ts')
  return { engine: await createMapLibreEngine(choice.kind, options), fallback }
}
