/** Google's encoded polylines, as the server thins and sends routes by the dozen: a fifth of what their coordinates take. */
import type { Place } from './glide.ts'

const perDegree = 1e5

/** @see https://developers.google.com/maps/documentation/utilities/polylinealgorithm */
export function decodePolyline(text: string): Place[] {
  const places: Place[] = []
  let [index, latitude, longitude] = [0, 0, 0]

  function next(): number {
    let [value, shift, chunk] = [0, 0, 0]
    do {
      chunk = text.charCodeAt(index++) - 63
      value |= (chunk & 0x1f) << shift
      shift += 5
    } while (chunk >= 0x20)
    return value & 1 ? ~(value >> 1) : value >> 1
  }

  while (index < text.length) {
    latitude += next()
    longitude += next()
    places.push([longitude / perDegree, latitude / perDegree])
  }
  return places
}
