/** What is asked of the process: requests, operations, and what was refused. */
import { Counter, Histogram, type Registry } from 'prom-client'

export interface Asking {
  request(road: string): void
  /** A GraphQL operation was answered, over whatever road. */
  operation(type: OperationType, outcome: 'ok' | 'errors', seconds: number): void
  /** Somebody was told to come later, to show who he is, or to ask for less. */
  refusal(code: string): void
  /** A fault of the program: somebody was told that something went wrong, or work in the background failed. */
  fault(): void
  webhookAttempt(outcome: string, seconds: number): void
}

export type OperationType = 'query' | 'mutation' | 'subscription'

/** Codes of refusals that an operator wants to know of. The others are answers to what was asked wrongly. */
const refusals = [
  'UNAUTHENTICATED',
  'RATE_LIMITED',
  'TOO_COMPLEX',
  'FORBIDDEN',
  'OVERLOADED',
  'TIMED_OUT',
] as const
const isCounted: ReadonlySet<string> = new Set(refusals)

const operationBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20]
const webhookBuckets = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

export function askingMetrics(registry: Registry): Asking {
  const registers = [registry]
  const requests = new Counter({
    name: 'slipstream_http_requests_total',
    help: 'Requests that came over HTTP, by the road that they took.',
    labelNames: ['road'],
    registers,
  })
  const operations = new Counter({
    name: 'slipstream_operations_total',
    help: 'GraphQL queries and mutations that were answered.',
    labelNames: ['type', 'outcome'],
    registers,
  })
  const durations = new Histogram({
    name: 'slipstream_operation_duration_seconds',
    help: 'How long it took to execute a GraphQL query or mutation.',
    labelNames: ['type'],
    buckets: operationBuckets,
    registers,
  })
  const refused = new Counter({
    name: 'slipstream_refusals_total',
    help: 'What was refused, by the code that the client was told.',
    labelNames: ['code'],
    registers,
  })
  // So that the first one is an increase.
  for (const code of refusals) refused.inc({ code }, 0)
  const faults = new Counter({
    name: 'slipstream_faults_total',
    help: 'Faults that were written to the log.',
    registers,
  })
  const webhooks = new Histogram({
    name: 'slipstream_webhook_attempt_duration_seconds',
    help: "How long a rider's own server took to answer a webhook, by what became of it.",
    labelNames: ['outcome'],
    buckets: webhookBuckets,
    registers,
  })
  return {
    request: (road) => requests.inc({ road }),
    operation(type, outcome, seconds) {
      operations.inc({ type, outcome })
      durations.observe({ type }, seconds)
    },
    refusal(code) {
      if (isCounted.has(code)) refused.inc({ code })
    },
    fault: () => faults.inc(),
    webhookAttempt: (outcome, seconds) => webhooks.observe({ outcome }, seconds),
  }
}
