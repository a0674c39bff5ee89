/** A log of finished rides, decided, evolved and encoded as the product does it. Nothing is read from it yet. */
import { randomUUID } from 'node:crypto'
import type { NewEvent } from '#log/append.ts'
import type { Log } from '#log/log.ts'
import { commandOf } from '#recordings/command-of.ts'
import { planOf } from '#recordings/plan.ts'
import { simulateRide } from '#recordings/simulate/simulate.ts'
import { rideDecider } from '#ride/decider.ts'
import type { RideCommand, RideState } from '#ride/ride.ts'
import { localRiderId as riderId } from '#rights/viewer.ts'
import { openBenchLog } from './open-log.ts'

export interface FilledLog {
  readonly databaseUrl: string
  readonly rides: number
  readonly positions: number
}

const secondsOfRide = 3_600
/** As a phone that saves its battery uploads. */
const uploadSpanMs = 60_000
/** Ridden at the same time: in the log their events stand side by side. */
const sideBySide = 50
const eventsAtOnce = 8
const firstStart = Date.UTC(2025, 0, 1, 6)
const startsApartMs = 3 * 3_600_000

/** Rides of an hour at a position a second, all of the local rider. */
export async function fillWithRides(databaseUrl: string, rides: number): Promise<FilledLog> {
  await using opened = await openBenchLog(databaseUrl)
  const { log } = opened
  let positions = 0
  for (let from = 0; from < rides; from += sideBySide) {
    const numbers = Array.from({ length: Math.min(sideBySide, rides - from) }, (_, index) => from + index)
    const some = numbers.map((number) => rideOf(log, number))
    positions += some.reduce((sum, ride) => sum + ride.positions, 0)
    await append(log, some)
  }
  return { databaseUrl, rides, positions }
}

interface Ride {
  readonly rideId: string
  readonly positions: number
  /** Each with the state behind it. */
  readonly events: readonly (readonly [NewEvent, RideState])[]
}

function rideOf(log: Log, number: number): Ride {
  const rideId = randomUUID()
  const startedAt = firstStart + number * startsApartMs
  const start = { latitude: 40 + (number % 60) / 4, longitude: (number % 97) / 4 }
  const recording = simulateRide({ seed: number, start, startedAt, duration: secondsOfRide })
  const plan = planOf(recording, uploadSpanMs)
  const events: [NewEvent, RideState][] = []
  let state: RideState = rideDecider.initial
  const carryOut = (command: RideCommand, at: number) => {
    const actor = command.type === 'finishRide' ? 'system' : { riderId }
    const decision = rideDecider.decide(command, state, { actor, now: at })
    if (!decision.accepted) throw new Error(`${command.type}: ${JSON.stringify(decision.refusal)}`)
    state = rideDecider.evolve(state, decision.event)
    const eventId = randomUUID()
    const metadata = JSON.stringify({ commandId: eventId, actor: riderId })
    const contentHash = log.hash(JSON.stringify(command))
    events.push([{ ...rideDecider.encode(decision.event), eventId, contentHash, metadata }, state])
  }
  for (const step of plan.steps) carryOut(commandOf(step, `Ride ${number}`), step.dueAt)
  carryOut({ type: 'finishRide', progress: null }, recording.endedAt)
  return { rideId, positions: plan.positions, events }
}

async function append(log: Log, rides: readonly Ride[]): Promise<void> {
  const longest = Math.max(...rides.map(({ events }) => events.length))
  for (let from = 0; from < longest; from += eventsAtOnce) {
    const entries = rides.flatMap(({ rideId, events }) => {
      const some = events.slice(from, from + eventsAtOnce)
      const last = some.at(-1)
      if (last === undefined) return []
      const state = JSON.stringify(last[1])
      const own = some.map(([event]) => event)
      return log.append({ streamId: rideId, streamType: 'ride', expectedVersion: from, events: own, state })
    })
    for (const { outcome } of await Promise.all(entries)) {
      if (outcome !== 'appended') throw new Error(`An append was answered ${outcome}`)
    }
  }
}
