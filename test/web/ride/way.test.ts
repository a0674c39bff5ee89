import { expect, test } from 'vitest'
import { metresBetween } from '../../../web/map/geodesy.ts'
import type { Place } from '../../../web/map/glide.ts'
import { linesBetween, marksAlong, placeOn, wayAlong } from '../../../web/ride/way.ts'
import { samplesOf } from './known-samples.ts'

const samples = samplesOf({ count: 401, speed: 5, pauses: [{ after: 200, seconds: 60 }] })
const placeOfSample = (index: number): Place => [7, samples.latitude[index]!]
/** Every hundredth sample, and between two of them points of the map's own. */
const lines: Place[][] = [
  [placeOfSample(0), [7, 46 + 250 / 111_195], placeOfSample(100), placeOfSample(200)],
  [placeOfSample(201), placeOfSample(300), placeOfSample(400)],
]
const way = wayAlong(lines, samples)

test('points are as far as the ride was there; between two that are known by their length', () => {
  const rounded = way.distances.map((line) => line.map(Math.round))
  expect(rounded).toEqual([
    [0, 250, 500, 1_000],
    [1_000, 1_495, 1_995],
  ])
})

test('distances never fall, and end with the ride, also where no point is a sample', () => {
  const other = lines.map((line) => line.map(([longitude, latitude]): Place => [longitude + 1e-4, latitude]))
  const flat = wayAlong(other, samples).distances.flat()
  expect(flat).toEqual(flat.toSorted((a, b) => a - b))
  expect(flat.at(-1)).toBeCloseTo(1_995, 0)
})

test('a place that is passed twice is two distances', () => {
  const there = samplesOf({ count: 201, speed: 5 })
  const back = {
    distance: Array.from({ length: 401 }, (_, index) => index * 5),
    latitude: Array.from({ length: 401 }, (_, index) => there.latitude[200 - Math.abs(200 - index)]!),
    longitude: Array.from({ length: 401 }, () => 7),
  }
  const turned = wayAlong([[0, 100, 200, 300, 400].map((index): Place => [7, back.latitude[index]!])], back)
  expect(turned.distances[0]?.map(Math.round)).toEqual([0, 500, 1_000, 1_500, 2_000])
})

test('a stretch is cut out of the lines where it begins and ends, and apart at a pause', () => {
  const cut = linesBetween(way, 400, 1_200)
  expect(cut).toHaveLength(2)
  const metres = cut.map((line) => metresBetween(line[0]!, line.at(-1)!))
  expect(metres[0]).toBeCloseTo(600, 0)
  expect(metres[1]).toBeCloseTo(200, 0)
  expect(linesBetween(way, 5_000, 6_000)).toEqual([])
})

test('marks stand at each whole kilometre', () => {
  const marks = marksAlong(way, 500)
  expect(marks.map(({ label }) => label)).toEqual(['1', '2', '3'])
  expect(metresBetween(placeOn(way, 0)!, marks[2]!.place)).toBeCloseTo(1_500, 0)
})
