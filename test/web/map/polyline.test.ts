import { expect, it } from 'vitest'
import { encodePolyline } from '#api/polyline.ts'
import { decodePolyline } from '../../../web/map/polyline.ts'

it("decodes the example of Google's description", () => {
  expect(decodePolyline('_p~iF~ps|U_ulLnnqC_mqNvxq`@')).toEqual([
    [-120.2, 38.5],
    [-120.95, 40.7],
    [-126.453, 43.252],
  ])
  expect(decodePolyline('')).toEqual([])
})

it('gives back what the server encodes, at the ends of the world too', () => {
  const places: [number, number][] = [
    [180, 90],
    [-180, -90],
    [0, 0],
    [-0.00001, 0.00001],
  ]
  expect(decodePolyline(encodePolyline(places))).toEqual(places)
})
