import { expect, test } from 'vitest'
import { sampleNear } from '../../../web/ride/nearest-sample.ts'

const across = { latitude: [-17, -17, -17, null], longitude: [179.98, 179.99, -179.99, null] }
const shown = { west: 179.9, south: -17.1, east: 180.1, north: -16.9 }

test('a sample is pointed at on both sides of the 180th meridian, however far the map was turned', () => {
  expect(sampleNear(across, [179.981, -17], shown)).toBe(0)
  expect(sampleNear(across, [180.0095, -17], shown)).toBe(2)
  expect(sampleNear(across, [-179.9905, -17], shown)).toBe(2)
})

test('what is far from the route means none of it', () => {
  expect(sampleNear(across, [180.05, -17.05], shown)).toBeNull()
})
