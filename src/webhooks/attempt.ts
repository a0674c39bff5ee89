/** An attempt to deliver a message, and what is written down of it: that it was taken, or when it is made again. */
import { type ConnectionPool, sql } from '@databases/pg'
import type { Tracing } from '#telemetry/tracing.ts'
import type { WebhookEvent } from './endpoint.ts'
import { bodyOf, signedHeaders } from './message.ts'
import type { Attempt } from './queue.ts'
import { retryInMs, whyDisable } from './schedule.ts'
import { type Resolve, resolveByDns, resolveBySystem, type SendOutcome, send } from './send.ts'
import type { Vault } from './vault.ts'

export interface Means {
  readonly database: ConnectionPool
  readonly vault: Vault
  readonly allowPrivate: boolean
  readonly now: () => number
  readonly onFault: (error: unknown) => void
  readonly resolve?: Resolve
  readonly retryIn?: typeof retryInMs
  readonly timeoutMs?: number
  /** Hears of each attempt. */
  readonly onAttempt?: ((outcome: SendOutcome) => void) | undefined
  /** Undefined where nothing is traced. */
  readonly traced?: Traced | undefined
}

export interface Traced {
  readonly tracing: Tracing
  /** In which trace a ride's version is, where that is recorded. */
  traceOf(rideId: string, version: number): Promise<string | undefined>
}

const ordinaryTimeoutMs = 10_000

interface Sending {
  readonly endpoint_id: string
  readonly type: WebhookEvent | 'ping'
  readonly ride_id: string | null
  readonly ride_version: number | null
  readonly happened_ms: number
  readonly retries: number
  readonly url: string
  readonly secret: string
  readonly previous_secret: string | null
  readonly is_disabled: boolean
}

/** Makes the attempt, and writes down what came of it, unless it was made already. */
export async function attemptDelivery(
  means: Means,
  { deliveryId, attempts }: Attempt,
  signal: AbortSignal,
): Promise<void> {
  const { database, now } = means
  const [row]: Sending[] = await database.query(sql`
    select d.endpoint_id, d.type, d.ride_id, d.ride_version, d.retries, w.url, w.secret,
           (extract(epoch from d.happened_at) * 1000)::float8 as happened_ms,
           case when w.previous_until > clock_timestamp() then w.previous_secret end as previous_secret,
           w.disabled_at is not null as is_disabled
      from webhook_deliveries d join webhook_endpoints w on w.endpoint_id = d.endpoint_id
     where d.delivery_id = ${deliveryId} and d.state = 'WAITING' and d.attempts = ${attempts}`)
  // Made already, or the endpoint is gone.
  if (row === undefined) return
  if (row.is_disabled && row.type !== 'ping') return fail(database, row.endpoint_id)
  const outcome = await tracedSend(means, deliveryId, row, signal)
  means.onAttempt?.(outcome)
  const delivery = { deliveryId, attempts, ...row }
  if (outcome.failure === undefined) await writeSuccess(database, delivery, outcome, now())
  else await writeFailure(means, delivery, outcome)
}

async function tracedSend(
  means: Means,
  deliveryId: string,
  row: Sending,
  signal: AbortSignal,
): Promise<SendOutcome> {
  const { traced } = means
  const { ride_id: rideId, ride_version: version, type } = row
  const isOfRide = rideId !== null && version !== null
  const trace = isOfRide ? await traced?.traceOf(rideId, version) : undefined
  if (traced === undefined || trace === undefined) return sendTo(means, deliveryId, row, signal)
  const span = traced.tracing.follow('webhook', trace, {
    kind: 'client',
    attributes: { 'slipstream.webhook.type': type },
  })
  try {
    const outcome = await sendTo(means, deliveryId, row, signal, span.traceparent)
    const { failure, status } = outcome
    span.end({ failure, attributes: status === undefined ? {} : { 'http.response.status_code': status } })
    return outcome
  } catch (error) {
    span.end({ failure: 'given up' })
    throw error
  }
}

async function sendTo(
  means: Means,
  deliveryId: string,
  row: Sending,
  signal: AbortSignal,
  traceparent?: string,
): Promise<SendOutcome> {
  const { vault, now, allowPrivate, timeoutMs = ordinaryTimeoutMs } = means
  const { resolve = allowPrivate ? resolveBySystem : resolveByDns } = means
  const sealed = row.previous_secret === null ? [row.secret] : [row.secret, row.previous_secret]
  const secrets = sealed.map((each) => vault.open(each, row.endpoint_id)).filter((each) => each !== undefined)
  if (secrets.length === 0) {
    means.onFault(new Error('The secret of a webhook cannot be read: AUTH_SECRET is not what it was'))
    return { failure: 'SECRET_UNREADABLE', status: undefined, durationMs: 0 }
  }
  const { type, ride_id: rideId, ride_version: rideVersion, happened_ms } = row
  const body = bodyOf({ type, happenedAt: Math.floor(happened_ms), rideId, rideVersion })
  const signed = signedHeaders(deliveryId, body, { secrets, now: now() })
  const headers = traceparent === undefined ? signed : { ...signed, traceparent }
  return send({ url: row.url, headers, body }, { allowPrivate, resolve, timeoutMs, signal })
}

interface Attempted extends Sending {
  readonly deliveryId: string
  readonly attempts: number
}

async function writeSuccess(
  database: ConnectionPool,
  { deliveryId, endpoint_id, attempts }: Attempted,
  outcome: SendOutcome,
  now: number,
): Promise<void> {
  await database.tx(async (transaction) => {
    // The endpoint before its deliveries, as whoever removes it has them.
    await transaction.query(sql`
      update webhook_endpoints set failing_since = null
       where endpoint_id = ${endpoint_id} and failing_since is not null`)
    await transaction.query(sql`
      update webhook_deliveries
         set state = 'DELIVERED', next_attempt_at = null, ${attempted(outcome, now)}
       where delivery_id = ${deliveryId} and state = 'WAITING' and attempts = ${attempts}`)
  })
}

async function writeFailure(
  { database, now, retryIn = retryInMs }: Means,
  { deliveryId, endpoint_id, attempts, retries, type }: Attempted,
  outcome: SendOutcome,
): Promise<void> {
  const at = now()
  const waitMs = retryIn(retries + 1, type)
  await database.tx(async (transaction) => {
    const [endpoint] = await transaction.query(sql`
      update webhook_endpoints set failing_since = coalesce(failing_since, to_timestamp(${at / 1000}::float8))
       where endpoint_id = ${endpoint_id} and ${type !== 'ping'}::boolean
      returning (extract(epoch from failing_since) * 1000)::float8 as failing_ms`)
    await transaction.query(sql`
      update webhook_deliveries
         set state = ${waitMs === undefined ? 'FAILED' : 'WAITING'}, retries = retries + 1, queued_at = null,
             next_attempt_at = to_timestamp(${waitMs === undefined ? null : (at + waitMs) / 1000}::float8),
             ${attempted(outcome, at)}
       where delivery_id = ${deliveryId} and state = 'WAITING' and attempts = ${attempts}`)
    const reason = endpoint && whyDisable(outcome, endpoint.failing_ms, at)
    if (reason === undefined) return
    await transaction.query(sql`
      update webhook_endpoints set disabled_at = to_timestamp(${at / 1000}::float8), disabled_reason = ${reason}
       where endpoint_id = ${endpoint_id} and disabled_at is null`)
    await fail(transaction, endpoint_id)
  })
}

/** Nothing more is sent to it; what it missed can be asked for again. */
async function fail(database: Pick<ConnectionPool, 'query'>, endpointId: string): Promise<void> {
  await database.query(sql`
    update webhook_deliveries set state = 'FAILED', next_attempt_at = null
     where endpoint_id = ${endpointId} and state = 'WAITING' and type <> 'ping'`)
}

const attempted = ({ failure, status, durationMs }: SendOutcome, now: number) =>
  sql`attempts = attempts + 1, last_attempt_at = to_timestamp(${now / 1000}::float8), last_failure = ${failure ?? null},
      last_status = ${status ?? null}, last_duration_ms = ${durationMs}`
