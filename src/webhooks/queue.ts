/**
 * The queue that attempts wait in for their time: pg-boss, in a schema of its own that it makes and keeps itself.
 *
 * Tried beside graphile-worker, on a server and on the embedded database, where both work: this one has a time limit a job, so
 * that what a killed worker held comes back within a minute or so (there it is four hours), and counts what is under way by
 * group, so that a slow endpoint holds up its own only. What is to be told stands in `webhook_deliveries`; here are but its
 * ids, so the queue may be lost: `deliverer.ts` fills it again.
 */
import { createHash } from 'node:crypto'
import { PgBoss } from 'pg-boss'
import { openPool } from '#database/pool.ts'
import { isOnUnixSocket } from '#database/unix-socket.ts'

export interface Attempt {
  readonly deliveryId: string
  /** How many there were before. */
  readonly attempts: number
}

export interface TakenAttempt extends Attempt {
  readonly jobId: string
  /** How often its job was taken before. */
  readonly retryCount: number
}

export interface Queue {
  /** Puts into the queue what is written in the database and not there yet: how many. */
  fill(limit: number): Promise<number>
  /** Some of those whose time has come; of an endpoint no more than it may have under way anywhere. */
  take(limit: number): Promise<TakenAttempt[]>
  /** It is over, whatever came of it. */
  done(attempt: TakenAttempt): Promise<void>
  /** It was not made: somebody else may. */
  giveBack(attempt: TakenAttempt): Promise<void>
  /** Looks at once for what was taken too long ago; by itself it does so twice a minute. */
  recover(): Promise<void>
  close(): Promise<void>
}

export interface QueueOptions {
  readonly url: string
  readonly onFault: (error: unknown) => void
  /** Longer than an attempt can take. */
  readonly expireInSeconds?: number
}

/** That the schema cannot be made; the message says what to do. */
export class QueueRefused extends Error {}

const schema = 'pgboss'
const name = 'webhooks'
/** Enough for one whose server is far away; so many connections that a slow one keeps open. */
const mostOfAnEndpoint = 2
export const queueConnections = 3
const longestUntilRecovery = 30
/** What is not over after this is put in again, so that only a queue that was lost or has given up is meant. */
const lostAfterMinutes = 15
const isToQueue = `state = 'WAITING' and (queued_at is null
  or greatest(queued_at, next_attempt_at) < clock_timestamp() - make_interval(mins => ${lostAfterMinutes}))`
const answerWithinMs = 32_000
const connectWithinMs = 5_000

export async function openQueue({ url, onFault, expireInSeconds = 60 }: QueueOptions): Promise<Queue> {
  const isNetworked = !isOnUnixSocket(url)
  const lookEverySeconds = Math.min(expireInSeconds, longestUntilRecovery)
  const pool = openPool(
    {
      connectionString: url,
      max: queueConnections,
      application_name: 'slipstream webhooks',
      ...(isNetworked ? { connectionTimeoutMillis: connectWithinMs, query_timeout: answerWithinMs } : {}),
    },
    onFault,
  )
  try {
    await mayHaveSchema()
    const boss = await start()
    return opened(boss)
  } catch (error) {
    await pool.end()
    throw error
  }

  async function mayHaveSchema(): Promise<void> {
    const { rows } = await pool.query(
      `select case when to_regnamespace($1) is null then not has_database_privilege(current_database(), 'create')
                   else not has_schema_privilege($1, 'create') end as refused`,
      [schema],
    )
    if (rows[0].refused !== true) return
    throw new QueueRefused(
      `This user of the database may not make the schema "${schema}", in which webhooks wait to be sent. Run "create schema ${schema} authorization …" in it as its owner, with the user's name ("alter schema ${schema} owner to …" where there is one), then start again.`,
    )
  }

  async function start(): Promise<PgBoss> {
    const { rows } = await pool.query('select to_regnamespace($1) is null as missing', [schema])
    const boss = new PgBoss({
      db: { executeSql: (text, values) => pool.query(text, values) },
      schema,
      createSchema: rows[0].missing,
      schedule: false,
      registerInstance: false,
      monitorVacuum: false,
      openTelemetry: { enabled: false },
      superviseIntervalSeconds: lookEverySeconds,
      monitorIntervalSeconds: lookEverySeconds,
    })
    boss.on('error', (error) => onFault(asError(error)))
    try {
      await boss.start()
      await makeQueue(boss)
      return boss
    } catch (error) {
      await boss.stop({ graceful: false })
      throw error
    }
  }

  async function makeQueue(boss: PgBoss): Promise<void> {
    const limits = {
      expireInSeconds,
      // However often workers are killed: whether it is tried again is said elsewhere.
      retryLimit: 1_000,
      retryDelay: 0,
      deleteAfterSeconds: 60,
    }
    await boss.createQueue(name, limits)
    await boss.updateQueue(name, limits)
  }

  function opened(boss: PgBoss): Queue {
    return {
      async fill(limit) {
        const { rows: waiting } = await pool.query(
          `select from webhook_deliveries where ${isToQueue} limit 1`,
        )
        if (waiting.length === 0) return 0
        const client = await pool.connect()
        let failed: Error | undefined
        try {
          await client.query('begin')
          const { rows } = await client.query(
            `with taken as (
               select delivery_id from webhook_deliveries
                where ${isToQueue}
                order by queued_at nulls first limit $1 for no key update skip locked)
             update webhook_deliveries d set queued_at = clock_timestamp()
               from taken where d.delivery_id = taken.delivery_id
             returning d.delivery_id, d.endpoint_id, d.attempts, d.next_attempt_at`,
            [limit],
          )
          const jobs = rows.map((row) => ({
            id: jobIdOf(row.delivery_id, row.attempts, row.next_attempt_at),
            data: { deliveryId: row.delivery_id, attempts: row.attempts } satisfies Attempt,
            startAfter: row.next_attempt_at,
            group: { id: row.endpoint_id },
          }))
          if (jobs.length > 0) {
            const db = { executeSql: (text: string, values?: unknown[]) => client.query(text, values) }
            await boss.insert(name, jobs, { db })
          }
          await client.query('commit')
          return jobs.length
        } catch (error) {
          failed = error instanceof Error ? error : new Error(String(error))
          throw error
        } finally {
          // One whose transaction was not ended goes, and takes it along.
          client.release(failed)
        }
      },
      async take(limit) {
        const jobs = await boss.fetch<Attempt>(name, { batchSize: limit, groupConcurrency: mostOfAnEndpoint })
        return jobs.map(({ id, retryCount, data: { deliveryId, attempts } }) => ({
          ...{ jobId: id, retryCount, deliveryId, attempts },
        }))
      },
      async done({ jobId: id, retryCount }) {
        await boss.complete(name, { id, retryCount })
      },
      async giveBack({ jobId: id, retryCount }) {
        await boss.fail(name, { id, retryCount })
      },
      recover: () => boss.supervise(name),
      async close() {
        await boss.stop({ graceful: false })
        await pool.end()
      },
    }
  }
}

/** Some come as copies of errors, with all that is known of them, and are none any more. */
function asError(said: Error): Error {
  return said instanceof Error ? said : Object.assign(new Error(), said)
}

/** The same for the same attempt at the same time: what is in the queue still, for there is much in it, is not put in twice. */
function jobIdOf(deliveryId: string, attempts: number, at: Date): string {
  const hex = createHash('sha256').update(`${deliveryId} ${attempts} ${at.getTime()}`).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
