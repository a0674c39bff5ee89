/** Projections: how far each has come, how far that is behind the log, and what stands in its way. */
import { Counter, Gauge, Histogram, type Registry } from 'prom-client'

export interface Projecting {
  /** A batch was committed by this process. */
  batch(projection: string, batch: { readonly events: number; readonly seconds: number }): void
  /** A batch failed and is tried again. */
  fault(projection: string): void
  /** How all of them stand, as the database has it: replaces what was said before. */
  stand(statuses: readonly ProjectionStanding[]): void
}

export interface ProjectionStanding {
  readonly projection: string
  readonly version: number
  /** Serving, building or retired. */
  readonly state: string
  readonly parkedRides: number
  readonly partitions: readonly {
    readonly partition: number
    readonly position: number
    readonly head: number
    /** Since the first event that it has not come past was recorded; 0 where there is none. */
    readonly lagSeconds: number
  }[]
}

const batchBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]

export function projectingMetrics(registry: Registry): Projecting {
  const registers = [registry]
  const ofVersion = ['projection', 'version', 'state'] as const
  const ofPartition = [...ofVersion, 'partition'] as const
  const applied = new Counter({
    name: 'slipstream_projection_events_applied_total',
    help: 'Events that this process has applied to a projection.',
    labelNames: ['projection'],
    registers,
  })
  const batches = new Histogram({
    name: 'slipstream_projection_batch_duration_seconds',
    help: 'From taking a checkpoint to having moved it.',
    labelNames: ['projection'],
    buckets: batchBuckets,
    registers,
  })
  const faults = new Counter({
    name: 'slipstream_projection_faults_total',
    help: 'Batches that failed and are tried again.',
    labelNames: ['projection'],
    registers,
  })
  const position = new Gauge({
    name: 'slipstream_projection_position',
    help: 'Up to where in a partition of the log a projection has come.',
    labelNames: ofPartition,
    registers,
  })
  const lagEvents = new Gauge({
    name: 'slipstream_projection_lag_events',
    help: 'How many events of a partition a projection has not come past.',
    labelNames: ofPartition,
    registers,
  })
  const lagSeconds = new Gauge({
    name: 'slipstream_projection_lag_seconds',
    help: 'How long ago the first event was recorded that a projection has not come past, by the clock of the database.',
    labelNames: ofPartition,
    registers,
  })
  const parked = new Gauge({
    name: 'slipstream_projection_parked_rides',
    help: 'Rides whose events a projection could not take: they wait for somebody to look.',
    labelNames: ofVersion,
    registers,
  })
  return {
    batch(projection, { events, seconds }) {
      applied.inc({ projection }, events)
      batches.observe({ projection }, seconds)
    },
    fault: (projection) => faults.inc({ projection }),
    stand(statuses) {
      for (const gauge of [position, lagEvents, lagSeconds, parked]) gauge.reset()
      for (const { projection, version, state, parkedRides, partitions } of statuses) {
        // So that the first one is an increase.
        faults.inc({ projection }, 0)
        const labels = { projection, version: String(version), state }
        parked.set(labels, parkedRides)
        for (const each of partitions) {
          const ofThis = { ...labels, partition: String(each.partition) }
          position.set(ofThis, each.position)
          lagEvents.set(ofThis, Math.max(0, each.head - each.position))
          lagSeconds.set(ofThis, each.lagSeconds)
        }
      }
    },
  }
}
