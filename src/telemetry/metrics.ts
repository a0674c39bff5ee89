/**
 * Telemetry: what an operator sees of a process without asking its users. This file is the room's first: everything that is
 * counted, and how Prometheus is told it. A subject has a file: `write-road.ts`, `projecting.ts`, `live.ts`, `asking.ts`,
 * `storage.ts`. The rooms know nothing of it: they tell by hooks, or are looked at when Prometheus asks. Traces: `tracing.ts`.
 *
 * No label says who or which ride: each has a handful of values that the program itself knows.
 */
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import { type Asking, askingMetrics } from './asking.ts'
import { type Live, liveMetrics } from './live.ts'
import { type Projecting, projectingMetrics } from './projecting.ts'
import { type Storage, storageMetrics } from './storage.ts'
import { type WriteRoad, writeRoadMetrics } from './write-road.ts'

export interface Metrics {
  readonly writeRoad: WriteRoad
  readonly projecting: Projecting
  readonly live: Live
  readonly asking: Asking
  readonly storage: Storage
  /** Called before each answer, and waited for. What fails there is the caller's to tell. */
  beforeEach(look: () => Promise<void>): void
  /** In Prometheus' text format. */
  exposition(): Promise<Exposition>
}

export interface Exposition {
  readonly contentType: string
  readonly text: string
}

export interface MetricsOptions {
  readonly version: string
  readonly role: string
}

/** Gauges that are called as if they were counters. */
const misnamed = [
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
  'nodejs_active_resources_total',
] as const

export function openMetrics({ version, role }: MetricsOptions): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  for (const name of misnamed) registry.removeSingleMetric(name)
  new Gauge({
    name: 'slipstream_build_info',
    help: 'Always 1; which version of the program this is, and what it does.',
    labelNames: ['version', 'role'],
    registers: [registry],
  }).set({ version, role }, 1)
  let look = async () => {}
  return {
    writeRoad: writeRoadMetrics(registry),
    projecting: projectingMetrics(registry),
    live: liveMetrics(registry),
    asking: askingMetrics(registry),
    storage: storageMetrics(registry),
    beforeEach(looking) {
      look = looking
    },
    async exposition() {
      await look()
      return { contentType: registry.contentType, text: await registry.metrics() }
    },
  }
}
