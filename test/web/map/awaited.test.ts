import { expect, test } from 'vitest'
import { createAwaited } from '../../../web/map/awaited.ts'
import type { LineName } from '../../../web/map/engine.ts'

/** An engine whose picture has of it what it is told. */
function pictureOf(drawn: { map: boolean; lines: readonly LineName[] }) {
  return {
    isDrawn: () => drawn.map,
    areDrawn: (names: readonly LineName[]) => names.every((name) => drawn.lines.includes(name)),
  }
}

function awaiting() {
  const said: (string | number | null)[] = []
  const awaited = createAwaited((name, value) => {
    if (name === 'missing') said.push(value)
  })
  return { awaited, said }
}

test('the map is missing until all of it was drawn once, and what moves on it later changes nothing', () => {
  const { awaited, said } = awaiting()
  expect(awaited.missing.get()).toBe('map')
  awaited.look(pictureOf({ map: false, lines: [] }))
  expect(awaited.missing.get()).toBe('map')
  awaited.look(pictureOf({ map: true, lines: [] }))
  expect(awaited.missing.get()).toBeNull()
  awaited.look(pictureOf({ map: false, lines: [] }))
  expect(awaited.missing.get()).toBeNull()
  expect(said).toEqual(['map', null])
})

test('in another theme the map is missing again, before the route that it has to draw too', () => {
  const { awaited, said } = awaiting()
  awaited.look(pictureOf({ map: true, lines: [] }))
  awaited.awaitMap()
  awaited.awaitLines('route')
  awaited.look(pictureOf({ map: true, lines: ['casing'] }))
  expect(awaited.missing.get()).toBe('route')
  awaited.look(pictureOf({ map: true, lines: ['casing', 'route'] }))
  expect(said).toEqual(['map', null, 'map', 'route', null])
})

test('routes that are taken away are not waited for', () => {
  const { awaited } = awaiting()
  awaited.look(pictureOf({ map: true, lines: [] }))
  awaited.awaitLines('routes')
  expect(awaited.missing.get()).toBe('routes')
  awaited.awaitLines(null)
  expect(awaited.missing.get()).toBeNull()
})
