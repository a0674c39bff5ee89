/**
 * Calls rides finished. A route is written with a row in the outbox; after that commit RideFinished goes
 * through the ordinary append, and the row is removed. Done twice it is done once: the event's id is derived
 * from the ride's, and a ride that is finished already refuses.
 * (Appending inside the projection's transaction would hold the partition's mutex: a worker stopped for 3 s
 * there stopped every writer for 3 s.)
 */
import { type ConnectionPool, sql } from '@databases/pg'
import type { CommandOutcome, Commands } from '#log/commands.ts'
import { createHint } from '#log/hint.ts'
import type { Log } from '#log/log.ts'
import { readTrace } from '#log/read.ts'
import type { RideEventType, RideProgress } from '#ride/events.ts'
import type { Circumstances, RideCommand, RideRefusal } from '#ride/ride.ts'
import type { Tracing } from '#telemetry/tracing.ts'
import { derivedId } from './derived-id.ts'

export interface Finisher {
  /** There may be rides in the outbox. */
  wake(): void
  /** Runs until `signal` aborts. */
  run(signal: AbortSignal): Promise<void>
}

export interface FinisherOptions {
  readonly database: ConnectionPool
  readonly log: Pick<Log, 'hash' | 'database' | 'partitionOf'>
  readonly commands: Commands<RideCommand, Circumstances, RideRefusal>
  readonly now: () => number
  readonly onFault: (error: unknown) => void
  /** Undefined where nothing is traced. */
  readonly tracing?: Tracing | undefined
}

const pollMs = 2_000
const batchSize = 100
/** What stays in the outbox for the same reason is told so often, not with every attempt. */
const toldEveryMs = 600_000

interface Place {
  readonly partition: number
  readonly ride_id: string
}

interface Waiting extends Place {
  /** What the route says of the ride; null where it could not be built, and its event was skipped. */
  readonly progress: RideProgress | null
}

/** Before every row. */
const beginning: Place = { partition: -1, ride_id: '00000000-0000-0000-0000-000000000000' }

export function createFinisher(options: FinisherOptions): Finisher {
  const { database, log, commands, now, onFault, tracing } = options
  const hint = createHint()
  let tellAgainAt = Number.NEGATIVE_INFINITY

  /**
   * Goes through the outbox by its key, so that rows that
   * cannot be finished, however many, keep no other from it.
   */
  async function finishAll(signal: AbortSignal): Promise<void> {
    let after: Place | undefined = beginning
    let takenIds = 0
    while (after !== undefined && !signal.aborted) {
      const rows: Waiting[] = await database.query(sql`
        select partition, ride_id, progress from finish_outbox
         where (partition, ride_id) > (${after.partition}::smallint, ${after.ride_id}::uuid)
         order by partition, ride_id limit ${batchSize}`)
      takenIds += await finishThose(rows)
      after = rows[batchSize - 1]
    }
    if (takenIds === 0 || performance.now() < tellAgainAt) return
    tellAgainAt = performance.now() + toldEveryMs
    onFault(new Error(`${takenIds} rides cannot be finished: another event has the id that is theirs`))
  }

  /** How many cannot be finished because their events' ids are taken. */
  async function finishThose(rows: readonly Waiting[]): Promise<number> {
    // One that fails must not keep the others in the outbox.
    const finished = await Promise.allSettled(rows.map(finish))
    for (const result of finished) if (result.status === 'rejected') onFault(result.reason)
    const outcomes = finished.map((result) => (result.status === 'fulfilled' ? result.value : undefined))
    const done = rows.filter((_, index) => isDone(outcomes[index]))
    if (done.length > 0) {
      await database.query(sql`
        delete from finish_outbox o
         using unnest(${done.map((row) => row.partition)}::smallint[], ${done.map((row) => row.ride_id)}::uuid[])
               as d (partition, ride_id)
         where o.partition = d.partition and o.ride_id = d.ride_id`)
    }
    return outcomes.filter((outcome) => outcome === 'id taken').length
  }

  async function finish({ ride_id: rideId, progress }: Waiting): Promise<Outcome> {
    const ended: RideEventType = 'RideEnded'
    const trace = tracing && (await readTrace(log, rideId, { type: ended }))
    const span = trace === undefined ? undefined : tracing?.follow('finish', trace)
    const finishing = commands.handle({
      streamId: rideId,
      eventId: derivedId(log, 'RideFinished', rideId),
      contentHash: '',
      command: { type: 'finishRide', progress },
      circumstances: { actor: 'system', now: now() },
      metadata: { actor: 'system', traceparent: span?.traceparent },
    })
    try {
      const { outcome } = await finishing
      span?.end({ attributes: { 'slipstream.outcome': outcome } })
      return outcome
    } catch (error) {
      span?.end({ failure: 'fault' })
      throw error
    }
  }

  return {
    wake: () => hint.give(),
    async run(signal) {
      while (!signal.aborted) {
        try {
          await finishAll(signal)
        } catch (error) {
          onFault(error)
        }
        await hint.wait(pollMs, signal)
      }
    },
  }
}

type Outcome = CommandOutcome<RideRefusal>['outcome']

/** Refused: it is finished already. */
function isDone(outcome: Outcome | undefined): boolean {
  return outcome === 'accepted' || outcome === 'refused' || outcome === 'gone'
}
