/**
 * What somebody has ridden in two years: to work and back, loops behind the house in the evening, far at weekends; more in
 * summer than in winter, and a little stronger from month to month. All of it on the few roads that one rides again and again.
 */

import type { Outing } from './outing.ts'
import { type RiderTraits, riderOf } from './rider.ts'
import { countryAround, type Place, type Road } from './road.ts'
import { type Random, randomFrom } from './simulate-random.ts'

export interface PastRide extends Outing {
  readonly title: string
}

export interface PastOptions {
  readonly count: number
  /** No ride begins within a day before it, so that all have ended; milliseconds since 1970-01-01 UTC. */
  readonly until: number
  readonly around: Place
  readonly seed: number
}

interface Habit {
  readonly title: string
  /** How often, beside the others. */
  readonly share: number
  readonly isAtWeekends: boolean
  /** By the sun, hours since midnight. */
  readonly hour: number
  readonly metres: number
  /** Times what this rider gives usually. */
  readonly effort: number
  /** He stops at the same junction every morning, and rides there with his phone alone. */
  readonly isWithPhoneAlone?: boolean
}

const habits: readonly Habit[] = [
  {
    title: 'To work by the canal',
    share: 5,
    isAtWeekends: false,
    hour: 7.2,
    metres: 12_500,
    effort: 0.85,
    isWithPhoneAlone: true,
  },
  { title: 'Home over the ridge', share: 4, isAtWeekends: false, hour: 16.7, metres: 16_000, effort: 0.95 },
  { title: 'Evening loop', share: 5, isAtWeekends: false, hour: 17.6, metres: 27_000, effort: 1.05 },
  {
    title: 'Intervals on the airfield road',
    share: 2,
    isAtWeekends: false,
    hour: 18.1,
    metres: 21_000,
    effort: 1.2,
  },
  { title: 'Lunch ride', share: 2, isAtWeekends: false, hour: 11.9, metres: 14_500, effort: 1 },
  { title: 'Col loop', share: 4, isAtWeekends: true, hour: 8.4, metres: 52_000, effort: 1.05 },
  { title: 'Two valleys', share: 3, isAtWeekends: true, hour: 8.1, metres: 78_000, effort: 0.95 },
  { title: 'Coffee with the club', share: 3, isAtWeekends: true, hour: 9.2, metres: 38_000, effort: 0.85 },
  { title: 'Recovery ride', share: 2, isAtWeekends: true, hour: 15.3, metres: 18_000, effort: 0.7 },
]

const dayMs = 86_400_000
const days = 730
/** Of the threshold, over the two years. */
const progress = 0.12

/** The oldest first. */
export function pastRides({ count, until, around, seed }: PastOptions): PastRide[] {
  const random = randomFrom(seed)
  const country = countryAround(around, random)
  const roads = new Map(
    habits.map((habit) => [habit, country.road(habit.metres, { east: 0, north: 0 }, random)]),
  )
  const rider = { ...riderOf(random), threshold: 210 }
  const lastMidnight = Math.floor(until / dayMs) * dayMs - (around.longitude / 360) * dayMs - dayMs
  const rides = Array.from({ length: count }, (_, index) => {
    const age = dayOf(index, count, lastMidnight, random)
    const midnight = lastMidnight - age * dayMs
    const habit = habitOn(midnight, random)
    const startedAt =
      Math.round((midnight + (habit.hour + 0.35 * random.normal()) * 3_600_000) / 1_000) * 1_000
    return pastRide(
      habit,
      roads.get(habit)!,
      strengthened(rider, habit, age, random),
      startedAt,
      seed + index,
    )
  })
  return rides.sort((a, b) => a.startedAt - b.startedAt)
}

function pastRide(
  { title, isWithPhoneAlone = false }: Habit,
  road: Road,
  rider: RiderTraits,
  startedAt: number,
  seed: number,
): PastRide {
  const has = !isWithPhoneAlone
  const sensors = { heartRate: has, cadence: has, power: has }
  return { title, road, from: 0, rider, sensors, startedAt, random: randomFrom(seed) }
}

/** Days before the last one: evenly, but for winter, when every other ride is put off to another season. */
function dayOf(index: number, count: number, lastMidnight: number, random: Random): number {
  const age = Math.floor(((index + random()) / count) * days)
  const month = new Date(lastMidnight - age * dayMs).getUTCMonth()
  const isWinter = month < 2 || month === 11
  return isWinter && random() < 0.5 ? (age + 91 + Math.floor(182 * random())) % days : age
}

function habitOn(midnight: number, random: Random): Habit {
  const weekday = new Date(midnight + dayMs / 2).getUTCDay()
  const isWeekend = weekday === 0 || weekday === 6
  const possible = habits
    .filter(({ isAtWeekends }) => isAtWeekends === isWeekend)
    .flatMap((habit) => Array.from({ length: habit.share }, () => habit))
  return possible[Math.floor(random() * possible.length)]!
}

function strengthened(rider: RiderTraits, { effort }: Habit, age: number, random: Random): RiderTraits {
  return {
    ...rider,
    threshold: rider.threshold * (1 - (progress * age) / days),
    effort: Math.min(1, rider.effort * effort * (1 + 0.05 * random.normal())),
  }
}
