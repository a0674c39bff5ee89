/** All that a stranger can get of a ride, and what he makes of it. */
import { distanceBetween, type Place } from '#ride/track/geodesy.ts'
import type { ApiClient } from '../api/client.ts'
import type { Sighting } from './attack.ts'

const everything = `query ($id: ID!) {
  ride(id: $id) {
    version cursor status startedAt endedAt finishedAt timeZone
    latestPosition { at latitude longitude }
    progress { distance movingTime timerTime }
    statistics { distance elapsedTime timerTime movingTime averageSpeed }
    splits { distance elapsedTime movingTime }
    streams { time distance latitude longitude originalSize }
    route { geometry polylines boundingBox { west south east north } pointCount excluded { reason count } excludedPositions { latitude longitude } }
  }
}`

const feed = `subscription ($id: ID!) {
  rideFeed(rideId: $id, until: FINISHED) {
    cursor version type status at
    positions { at latitude longitude speed }
    progress { distance movingTime timerTime }
  }
}`

interface Seen {
  readonly version: number
  readonly cursor: string
  readonly startedAt: string
  readonly endedAt: string | null
  readonly finishedAt: string | null
  readonly progress: Numbers
  readonly statistics: Numbers & { readonly elapsedTime: number }
  readonly splits: readonly { readonly distance: number; readonly elapsedTime: number }[]
  readonly streams: {
    readonly time: readonly number[]
    readonly distance: readonly number[]
    readonly latitude: readonly (number | null)[]
    readonly longitude: readonly (number | null)[]
  }
  readonly route: { readonly geometry: { readonly coordinates: readonly (readonly [number, number])[][] } }
}
interface Numbers {
  readonly distance: number
  readonly timerTime: number
}
interface Item {
  readonly cursor: string
  readonly version: number
  readonly type: string
  readonly at: string
  readonly positions: readonly { readonly at: string; readonly speed: number | null }[]
  readonly progress: Numbers | null
}

export interface Haul {
  readonly sighting: Sighting
  /** Every place that he was given, in whatever form. */
  readonly places: readonly Place[]
}

export async function spyOn(stranger: ApiClient, url: string, rideId: string): Promise<Haul> {
  const asked = await stranger.ask(everything, { id: rideId })
  const seen = asked.data?.['ride'] as unknown as Seen | null
  if (seen === null || seen === undefined)
    throw new Error(`A stranger sees no ride: ${JSON.stringify(asked)}`)
  const items: Item[] = []
  for await (const { data, errors } of stranger.subscribe(feed, { id: rideId })) {
    if (data == null) throw new Error(JSON.stringify(errors))
    items.push(data['rideFeed'] as unknown as Item)
  }
  const files = await Promise.all(
    ['gpx', 'tcx', 'geojson'].map(async (type) => (await fetch(`${url}/rides/${rideId}.${type}`)).text()),
  )
  return {
    sighting: made(seen, items, files.join('')),
    places: placesIn(JSON.stringify([asked.data, items, ...files]), seen),
  }
}

/** Written as two numbers beside each other, or as a column each. */
function placesIn(written: string, { streams }: Seen): Place[] {
  const pairs = [
    /latitude\\?":(-?[\d.]+),\\?"longitude\\?":(-?[\d.]+)/g,
    /lat=\\?"(-?[\d.]+)\\?" lon=\\?"(-?[\d.]+)/g,
    /<LatitudeDegrees>(-?[\d.]+)<\/LatitudeDegrees><LongitudeDegrees>(-?[\d.]+)/g,
  ].flatMap((pattern) =>
    [...written.matchAll(pattern)].map(([, north, east]) => ({
      latitude: Number(north),
      longitude: Number(east),
    })),
  )
  // The corners of the box round what is seen are no places of the ride.
  const geojson = [
    ...written.replaceAll(/bbox\\?":\[[^\]]*\]/g, '').matchAll(/\[(-?\d+\.\d+),(-?\d+\.\d+)[\],]/g),
  ].map(([, east, north]) => ({
    latitude: Number(north),
    longitude: Number(east),
  }))
  const columns = streams.latitude.flatMap((latitude, index) => {
    const longitude = streams.longitude[index]
    return latitude === null || longitude == null ? [] : [{ latitude, longitude }]
  })
  if (pairs.length < 500 || geojson.length < 200 || columns.length < 200)
    throw new Error('Places are missing')
  return [...pairs, ...geojson.filter(isNear(columns[0]!)), ...columns]
}

/** Two numbers in brackets may be something else. */
function isNear(place: Place): (other: Place) => boolean {
  return (other) =>
    Math.abs(other.latitude) <= 90 &&
    Math.abs(other.longitude) <= 180 &&
    distanceBetween(other, place) < 100_000
}

/** Every pair of numbers that would be the same if nothing were hidden. */
function made(seen: Seen, items: readonly Item[], files: string): Sighting {
  const lines = seen.route.geometry.coordinates.map((line) => line.map(placeOf))
  const first = lines[0]![0]!
  const last = lines.at(-1)!.at(-1)!
  const drawn = sum(lines.map(lengthOf))
  const positions = items.flatMap((item) => item.positions)
  const times = positions.map(({ at }) => Date.parse(at))
  const [begin, end] = [Math.min(...times), Math.max(...times)]
  const { distance, elapsedTime } = seen.statistics
  const speed = distance / seen.statistics.timerTime
  const way = (ms: number) => (Math.abs(ms) / 1_000) * speed
  const uploads = items.filter(({ type }) => type === 'POSITIONS_RECORDED').length
  const perUpload = positions.length / uploads
  const countOf = (cursor: string) =>
    Number(/\.(\d+)\.\d+$/.exec(Buffer.from(cursor, 'base64url').toString())?.[1])
  const versions = items.map(({ cursor, version }) => [version, countOf(cursor)])
  const counted = [seen.version - versions[0]![0]!, countOf(seen.cursor) - versions[0]![1]!].filter(
    Number.isFinite,
  )
  // An upload that is smaller than the others had some that are not shown; unless they end with the clock, as windows do.
  const shownItems = items.filter((item) => item.positions.length > 0)
  const ends = shownItems.slice(0, -1).map((item) => Date.parse(item.positions.at(-1)!.at) % 10_000)
  const areUploads = ends.filter((end) => end >= 9_000).length < 0.8 * ends.length
  const sizes = shownItems.map((item) => item.positions.length)
  const usual = sizes.toSorted((a, b) => a - b)[Math.floor(sizes.length / 2)] ?? 0
  const missingIn = (size = usual) => (areUploads ? way((usual - size) * 1_000) : 0)
  const fileTimes = [...files.matchAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g)].map(([at]) => Date.parse(at))
  const both = (metres: number) => ({ end: 'both' as const, metres })
  return {
    ends: [first, last],
    missing: [
      ...[
        distance,
        seen.progress.distance,
        seen.streams.distance.at(-1) ?? 0,
        items.at(-2)?.progress?.distance ?? 0,
      ]
        .concat(sum(seen.splits.map((split) => split.distance)))
        .map((metres) => both(Math.abs(metres - drawn))),
      both(way(elapsedTime * 1_000 - (end - begin))),
      both(way(sum(seen.splits.map((split) => split.elapsedTime)) * 1_000 - (end - begin))),
      both(way((seen.streams.time.at(-1) ?? 0) * 1_000 - (end - begin))),
      // Versions and cursors that skip some were given to what is not shown.
      ...counted.map((versions) => both(way((versions - items.length + 1) * perUpload * 1_000))),
      { end: first, metres: missingIn(sizes[0]) },
      { end: last, metres: missingIn(sizes.at(-1)) },
      { end: first, metres: way(begin - Date.parse(seen.startedAt)) },
      { end: first, metres: way(begin - Date.parse(items[0]!.at)) },
      { end: first, metres: way(begin - Math.min(...fileTimes)) },
      ...[
        seen.endedAt,
        seen.finishedAt,
        items.at(-1)!.at,
        new Date(Math.max(...fileTimes)).toISOString(),
      ].flatMap((at) => (at === null ? [] : [{ end: last, metres: way(Date.parse(at) - end) }])),
    ],
  }
}

function placeOf([longitude, latitude]: readonly [number, number]): Place {
  return { latitude, longitude }
}

function lengthOf(line: readonly Place[]): number {
  return sum(line.slice(1).map((place, index) => distanceBetween(line[index]!, place)))
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0)
}
