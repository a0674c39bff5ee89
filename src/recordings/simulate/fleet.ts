/** Many riders at once, on the roads around a place: each of them goes out, and once he has arrived goes out again. */

import { sensorsOf } from './device.ts'
import type { Outing } from './outing.ts'
import { riderOf } from './rider.ts'
import { countryAround, type Place, type Road } from './road.ts'
import { type Random, randomFrom } from './simulate-random.ts'
import { titleOf } from './titles.ts'

export interface FleetOptions {
  readonly riders: number
  readonly around: Place
  readonly seed: number
}

export interface FleetOuting extends Outing {
  readonly title: string
}

/** Calls a rider out, by his number from 0 on, at milliseconds since 1970-01-01 UTC. */
export type Fleet = (rider: number, startedAt: number) => FleetOuting

/** Several riders share a road, as they do; a road is some 100 kB of memory. */
const ridersOnRoad = 4
const mostRoads = 250
const shortestRoad = 10_000
const longestRoad = 80_000
/** How far apart their beginnings are, in metres: more where there are more of them. */
const spread = 1_500
/** He stops before he has been all around. */
const leastShare = 0.05

export function fleetAround({ riders, around, seed }: FleetOptions): Fleet {
  const random = randomFrom(seed)
  const country = countryAround(around, random)
  const count = Math.min(mostRoads, Math.ceil(riders / ridersOnRoad))
  const roads = Array.from({ length: count }, (): Road => {
    const length = shortestRoad + (longestRoad - shortestRoad) * random() ** 2
    return country.road(length, beginning(count, random), random)
  })
  let outings = 0

  return (number, startedAt) => {
    // What a rider is like depends on his number alone; what befalls him, on how often he has been out.
    const himself = randomFrom(Math.imul(seed, 7_919) + number)
    const rider = riderOf(himself)
    const sensors = sensorsOf(himself)
    const road = roads[number % count]!
    const outing = outings++
    const chance = randomFrom(Math.imul(seed, 104_729) + outing)
    return {
      title: titleOf(outing),
      road,
      from: road.length * chance(),
      distance: road.length * (leastShare + (1 - leastShare) * chance()),
      rider,
      sensors,
      startedAt,
      random: chance,
    }
  }
}

function beginning(roads: number, random: Random): { east: number; north: number } {
  const reach = spread * Math.sqrt(roads)
  return { east: reach * (random() - 0.5), north: reach * (random() - 0.5) }
}
