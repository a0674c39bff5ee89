/** The little geometry of the globe that the map needs: for drawing, not for measuring rides (the server does that). */
type Place = readonly [longitude: number, latitude: number]

export interface Box {
  west: number
  south: number
  east: number
  north: number
}

/** Mean radius of the Earth in metres (IUGG). */
const radius = 6_371_008.8
const radians = Math.PI / 180

/** Metres along the great circle, by the haversine formula. */
export function metresBetween(a: Place, b: Place): number {
  const halfLatitude = ((b[1] - a[1]) * radians) / 2
  const halfLongitude = ((b[0] - a[0]) * radians) / 2
  const h =
    Math.sin(halfLatitude) ** 2 +
    Math.cos(a[1] * radians) * Math.cos(b[1] * radians) * Math.sin(halfLongitude) ** 2
  return 2 * radius * Math.asin(Math.min(1, Math.sqrt(h)))
}

/** Initial bearing from `a` to `b`, in degrees clockwise from north, 0 to 360. */
export function bearing(a: Place, b: Place): number {
  const longitude = (b[0] - a[0]) * radians
  const y = Math.sin(longitude) * Math.cos(b[1] * radians)
  const x =
    Math.cos(a[1] * radians) * Math.sin(b[1] * radians) -
    Math.sin(a[1] * radians) * Math.cos(b[1] * radians) * Math.cos(longitude)
  return (Math.atan2(y, x) / radians + 360) % 360
}

/** The place so far north of another. */
export function northOf([longitude, latitude]: Place, metres: number): Place {
  return [longitude, Math.min(89.9, latitude + metres / radius / radians)]
}

/** The box around circles; null of none. */
export function boxAroundCircles(
  circles: readonly { readonly middle: Place; readonly radiusMetres: number }[],
): Box | null {
  return boxAround(
    circles.flatMap(({ middle: [longitude, latitude], radiusMetres }): Place[] => {
      const north = radiusMetres / radius / radians
      const east = north / Math.max(0.01, Math.cos(latitude * radians))
      return [
        [longitude - east, latitude - north],
        [longitude + east, latitude + north],
      ]
    }),
  )
}

/** The box around places; null of none. Boxes over the date line are the shorter way round. */
export function boxAround(places: Iterable<Place>): Box | null {
  let box: Box | null = null
  let first = 0
  for (const [longitude, latitude] of places) {
    if (box === null) {
      first = longitude
      box = { west: longitude, east: longitude, south: latitude, north: latitude }
      continue
    }
    const near = nearestTurn(longitude, first)
    box.west = Math.min(box.west, near)
    box.east = Math.max(box.east, near)
    box.south = Math.min(box.south, latitude)
    box.north = Math.max(box.north, latitude)
  }
  return box
}

/** From where one lives one comes so far on a day: what lies beyond was ridden on a journey. */
const homeMetres = 60_000

/** The box around those of the boxes that lie about the first; null of none. */
export function boxAroundHome(boxes: readonly Box[]): Box | null {
  const [first] = boxes
  if (first === undefined) return null
  const near = boxes.filter((box) => metresBetween(middleOf(box), middleOf(first)) <= homeMetres)
  return boxAround(
    near.flatMap(({ west, south, east, north }): Place[] => [
      [west, south],
      [east, north],
    ]),
  )
}

/** Where the east is before the west, the box is over the date line. */
function middleOf({ west, south, east, north }: Box): Place {
  return [(west + nearestTurn(east, west)) / 2, (south + north) / 2]
}

/** The longitude that names the same meridian as `longitude`, at most half a turn from `reference`. */
export function nearestTurn(longitude: number, reference: number): number {
  return longitude + 360 * Math.round((reference - longitude) / 360)
}
