import { expect, test } from 'vitest'
import { keyPressed } from '../../../web/ride/chart-keys.ts'

const standing = { index: 1_000, last: 2_000, stretch: null }
const key = (name: string, shiftKey = false) => ({ key: name, shiftKey })

test('arrows move along the ride, and not beyond it', () => {
  expect(keyPressed(key('ArrowRight'), standing)).toEqual({ index: 1_010, stretch: null })
  expect(keyPressed(key('ArrowLeft'), { ...standing, index: 4 })).toEqual({ index: 0, stretch: null })
  expect(keyPressed(key('End'), standing)?.index).toBe(2_000)
  expect(keyPressed(key('PageUp'), standing)?.index).toBe(1_200)
  expect(keyPressed(key('a'), standing)).toBeUndefined()
})

test('with shift they pick a stretch, whose other end stays, and Escape lets it go', () => {
  const once = keyPressed(key('ArrowRight', true), standing)!
  expect(once).toEqual({ index: 1_010, stretch: { from: 1_000, to: 1_010 } })
  const twice = keyPressed(key('ArrowRight', true), { ...once, last: 2_000 })!
  expect(twice.stretch).toEqual({ from: 1_000, to: 1_020 })
  const back = keyPressed(key('Home', true), { ...twice, last: 2_000 })!
  expect(back.stretch).toEqual({ from: 0, to: 1_000 })
  expect(keyPressed(key('Escape'), { ...back, last: 2_000 })).toEqual({ index: 0, stretch: null })
  expect(keyPressed(key('Escape'), standing)).toBeUndefined()
})
