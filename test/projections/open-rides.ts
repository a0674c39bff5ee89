/**
 * Rides on an empty log: commands as the product wires them,
 * and a worker that can be started, stopped and watched.
 */
import { randomUUID } from 'node:crypto'
import { type Commands, openCommands } from '#log/commands.ts'
import { type Listener, openListener } from '#log/listener.ts'
import { createFinisher } from '#projections/finisher.ts'
import type { Projection } from '#projections/projection.ts'
import { createRedactor, type Redactor } from '#projections/redactor.ts'
import { rides } from '#projections/rides.ts'
import { routes } from '#projections/routes.ts'
import { openServing, type Serving } from '#projections/serving.ts'
import { runWorkers, type WorkersOptions } from '#projections/workers.ts'
import { rideDecider } from '#ride/decider.ts'
import { roundPosition } from '#ride/encoding.ts'
import type { Position } from '#ride/position.ts'
import type { Circumstances, RideCommand, RideRefusal } from '#ride/ride.ts'
import { type OpenedLog, openFreshLog } from '../log/open.ts'
import { eventually } from '../support/eventually.ts'

export const riderId = '00000000-0000-4000-8000-000000000001'
export const start = Date.UTC(2026, 4, 31, 8)
export const seconds = (count: number) => start + count * 1000

export type RideCommands = Commands<RideCommand, Circumstances, RideRefusal>

export interface OpenedRides extends OpenedLog {
  readonly listener: Listener
  readonly commands: RideCommands
  readonly serving: Serving
  readonly redactor: Redactor
  /** Commands a ride, and gives its version after; throws where it is not accepted. */
  command(rideId: string, command: RideCommand, eventId?: string): Promise<number>
  worker(
    options?: {
      projections?: readonly Projection[]
      finishes?: boolean
      listener?: Listener
      pollMs?: number
    } & Partial<Pick<WorkersOptions, 'retiredForMs' | 'onPromotion' | 'onRenewal' | 'onBatch' | 'includes'>>,
  ): Worker
}

export interface Worker {
  readonly faults: unknown[]
  /** The ids of rides, in the order in which they were parked. */
  readonly parked: string[]
  stop(): Promise<void>
}

export async function openRides(options: { partitions?: number } = {}): Promise<OpenedRides> {
  const opened = await openFreshLog(options)
  const { log, url } = opened
  const listener = await openListener({ url, onLost: () => undefined, onReturned: () => undefined })
  const commands = openCommands(log, rideDecider)
  const workers: Worker[] = []
  const serving = await openServing({
    read: opened.read,
    listener,
    onFault: (error) => {
      throw error
    },
  })
  const redactor = createRedactor({
    database: log.database,
    onFault: (error) => {
      throw error
    },
  })
  return {
    ...opened,
    serving,
    redactor,
    get read() {
      return serving.read()
    },
    listener,
    commands,
    async command(rideId, command, eventId = randomUUID()) {
      const actor = command.type === 'finishRide' ? 'system' : { riderId }
      const contentHash = log.hash(JSON.stringify(command))
      const circumstances = { actor, now: seconds(86_400) } as const
      const outcome = await commands.handle({
        streamId: rideId,
        eventId,
        contentHash,
        command,
        circumstances,
      })
      if (outcome.outcome !== 'accepted') throw new Error(`${command.type}: ${JSON.stringify(outcome)}`)
      return outcome.version
    },
    worker({ projections, finishes = true, listener: wakes = listener, pollMs = 3_600_000, ...rest } = {}) {
      const stopping = new AbortController()
      const { signal } = stopping
      const faults: unknown[] = []
      const parked: string[] = []
      const finisher = createFinisher({
        database: log.database,
        log,
        commands,
        now: () => seconds(90_000),
        onFault: (error) => faults.push(error),
      })
      const running = [
        runWorkers({
          database: log.database,
          listener: wakes,
          projections: projections ?? [
            rides,
            routes(log, {
              committed() {
                finisher.wake()
                redactor.wake()
              },
            }),
          ],
          partitions: log.partitions,
          now: Date.now,
          signal,
          pollMs,
          ...rest,
          // Whichever projections there are: what they leave to do is done at once.
          onBatch: (who, batch) => {
            finisher.wake()
            redactor.wake()
            return rest.onBatch?.(who, batch)
          },
          onFault: (_, error) => faults.push(error),
          onLookFault: (error) => faults.push(error),
          onHole: (_, position) => faults.push(new Error(`A hole at ${position}`)),
          onParked: (_, { streamId }) => parked.push(streamId),
        }),
      ]
      if (finishes) running.push(finisher.run(signal), redactor.run(signal))
      const worker: Worker = {
        faults,
        parked,
        async stop() {
          stopping.abort()
          await Promise.all(running)
        },
      }
      workers.push(worker)
      return worker
    },
    async [Symbol.asyncDispose]() {
      for (const worker of workers) await worker.stop()
      serving.close()
      await listener.close()
      await opened[Symbol.asyncDispose]()
    },
  }
}

/** Waits until that many rides are FINISHED. */
export async function allFinished(opened: OpenedRides, count: number): Promise<void> {
  await eventually(`${count} rides to be FINISHED`, async () => {
    const rides = opened.read
      .selectFrom('rides')
      .select('ride_id')
      .where('status', '=', 'FINISHED')
      .where('audience', '<>', 'others')
    return (await rides.execute()).length === count
  })
}

/** Waits until the ride is FINISHED. */
export async function finished(opened: OpenedRides, rideId: string): Promise<void> {
  await eventually('the ride to be FINISHED', async () => {
    const [ride] = await opened.read
      .selectFrom('rides')
      .select('status')
      .where('ride_id', '=', rideId)
      .where('audience', '<>', 'others')
      .execute()
    return ride?.status === 'FINISHED'
  })
}

/** Riding north along a meridian at 5 m/s, a sample a second. */
export function riding(from: number, to: number): Position[] {
  return Array.from({ length: to - from + 1 }, (_, index) =>
    roundPosition({
      at: seconds(from + index),
      latitude: ((from + index) * 5) / 110_574.39,
      longitude: 10,
      altitude: 100,
    }),
  )
}

/** A ride of two stretches with a pause between: 500 m, then 250 m. */
export async function rideOut(
  { command }: Pick<OpenedRides, 'command'>,
  rideId = randomUUID(),
): Promise<string> {
  await command(rideId, { type: 'startRide', startedAt: start, title: 'Out', visibility: 'PRIVATE' })
  await command(rideId, { type: 'recordPositions', positions: riding(0, 50) })
  await command(rideId, { type: 'recordPositions', positions: riding(51, 100) })
  await command(rideId, { type: 'pauseRide', at: seconds(100) })
  await command(rideId, { type: 'resumeRide', at: seconds(1000) })
  await command(rideId, { type: 'recordPositions', positions: riding(1000, 1050) })
  await command(rideId, { type: 'endRide', at: seconds(1060) })
  return rideId
}
