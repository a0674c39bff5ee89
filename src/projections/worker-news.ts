/** What an operator reads of the workers: plain sentences, each thing once. */
import type { ConnectionPool } from '@databases/pg'
import { isAway } from '#database/faults.ts'
import type { Projecting } from '#telemetry/projecting.ts'
import type { Tracing } from '#telemetry/tracing.ts'
import { tellCatchUp } from './catch-up.ts'
import type { Batch } from './runner.ts'
import type { WorkersOptions } from './workers.ts'

type News = Pick<
  WorkersOptions,
  'onBatch' | 'onFault' | 'onHole' | 'onLookFault' | 'onParked' | 'onPromotion' | 'onRenewal'
>

export interface WorkerNewsOptions {
  readonly database: ConnectionPool
  readonly now: () => number
  /** What goes its way. */
  readonly tell: (what: string) => void
  readonly onFault: (what: string, error?: unknown, about?: { readonly ride: string }) => void
  /** What a ride is called where whoever reads it is not to know its id; by its id where left out. */
  readonly nameOf?: (rideId: string) => string
  readonly projecting?: Pick<Projecting, 'batch' | 'fault'> | undefined
  readonly tracing?: Tracing | undefined
}

export function workerNews(options: WorkerNewsOptions): Required<News> {
  const { database, now, tell, onFault, nameOf = (rideId) => rideId, projecting, tracing } = options
  /** A version that waits for its parked rides says so once. */
  const waiting = new Set<string>()
  const catchUp = tellCatchUp({
    database,
    now,
    tell: ({ projection, version, partition, position, head, eventsPerSecond }) =>
      tell(
        `The projection ${projection} ${version} is at ${position} of ${head} in partition ${partition}, ${Math.round(eventsPerSecond)} events/s`,
      ),
  })
  return {
    async onBatch(who, batch) {
      const { projection } = who
      const { events, begunAt, doneAt } = batch
      if (events > 0) projecting?.batch(projection, { events, seconds: (doneAt - begunAt) / 1_000 })
      if (tracing !== undefined && batch.state === 'serving') traceBatch(tracing, projection, batch)
      await catchUp(who, batch)
    },
    onFault({ projection, version }, error) {
      if (isAway(error)) return
      projecting?.fault(projection)
      onFault(`The projection ${projection} ${version} failed and tries again`, error)
    },
    onParked({ projection, version }, { streamId, version: rideVersion, type }) {
      const ride = nameOf(streamId)
      onFault(
        `The projection ${projection} ${version} has parked a ride at its version ${rideVersion}, a ${type}. See: npm run projections -- parked ${ride}`,
        undefined,
        { ride },
      )
    },
    onHole: ({ partition }, position) =>
      onFault(`The log has a hole at position ${position} of partition ${partition}`),
    onLookFault: (error) => onFault('The versions of the projections could not be looked after', error),
    onRenewal(projection) {
      tell(
        `The tables of ${projection} are made anew, for this version of Slipstream makes them otherwise. Until they are whole the old ones are read.`,
      )
    },
    onPromotion(projection, promotion) {
      if (promotion.outcome === 'served') {
        waiting.delete(projection)
        tell(`The projection ${projection} is served from its version ${promotion.version}`)
      }
      if (promotion.outcome !== 'parked' || waiting.has(projection)) return
      waiting.add(projection)
      onFault(
        `The new version of ${projection} is whole but for parked rides: ${promotion.rides}. Retry or skip them and it is served: npm run projections -- parked`,
      )
    },
  }
}

/** What has piled up is not all told at once: more than this, and the spans of what is new would be dropped. */
const mostTraced = 50

/** A batch is one transaction, and stands in the trace of each of its events. */
function traceBatch(tracing: Tracing, projection: string, { traces, begunAt, events }: Batch): void {
  for (const trace of traces.slice(0, mostTraced)) {
    const attributes = { 'slipstream.projection': projection, 'slipstream.batch.events': events }
    tracing.follow(`apply ${projection}`, trace, { kind: 'consumer', begunAt, attributes }).end()
  }
}
