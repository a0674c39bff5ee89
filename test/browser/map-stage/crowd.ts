/** Riders who were never there: they ride in and around towns, and each reports a fix a second at a time of his own. */
import type { Place } from '../../../web/map/glide.ts'
import type { RideOnMap } from '../../../web/map/moving-ride.ts'

interface Rider {
  rideId: string
  name: string
  version: number
  place: [longitude: number, latitude: number]
  heading: number
  metresPerSecond: number
  nextFixMs: number
  status: RideOnMap['status']
}

const towns: readonly Place[] = [
  [8.54, 47.37],
  [7.44, 46.95],
  [6.63, 46.52],
  [6.14, 46.2],
  [7.59, 47.56],
  [8.31, 47.05],
  [9.37, 47.42],
  [8.95, 46.01],
]
const metresPerDegree = 111_195

/** The same riders each time; `spread`: degrees about their town. */
export function createCrowd(size: number, spread: number) {
  const random = randomFrom(7)
  const riders = Array.from({ length: size }, (_, index): Rider => {
    const [longitude, latitude] = towns[index % towns.length] ?? [8, 47]
    const away = spread * random() ** 1.5
    const towards = random() * 2 * Math.PI
    const share = random()
    return {
      rideId: `ride-${index}`,
      name: `Rider ${index + 1}`,
      version: 1,
      place: [longitude + 1.45 * away * Math.cos(towards), latitude + away * Math.sin(towards)],
      heading: random() * 360,
      metresPerSecond: 4 + 8 * random(),
      nextFixMs: 1_000 * random(),
      status: share < 0.06 ? 'paused' : share < 0.14 ? 'stale' : 'active',
    }
  })

  return {
    /** Rides on, and gives all that are under way, as the live board has them. */
    at(elapsedMs: number): RideOnMap[] {
      return riders.map((rider) => {
        while (rider.status === 'active' && rider.nextFixMs <= elapsedMs) {
          rider.nextFixMs += 1_000
          rider.version += 1
          rider.heading += 20 * (random() - 0.5)
          const towards = (rider.heading * Math.PI) / 180
          const degrees = rider.metresPerSecond / metresPerDegree
          const [longitude, latitude] = rider.place
          rider.place = [
            longitude + (degrees * Math.sin(towards)) / Math.cos((latitude * Math.PI) / 180),
            latitude + degrees * Math.cos(towards),
          ]
        }
        const { rideId, version, status, name, place, heading } = rider
        return {
          rideId,
          version,
          status,
          label: size <= 12 ? name : null,
          place: [...place],
          through: [],
          isSetDown: false,
          heading: (heading + 360) % 360,
        }
      })
    },
  }
}

function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32
    return state / 2 ** 32
  }
}
