/** Faults that an alert is for: how each is made, and how it is undone. */
import pg from 'pg'
import { type ApiClient, startRide } from '../../api/client.ts'
import { eventually } from '../../support/eventually.ts'
import { startProduct } from '../../support/product.ts'
import type { Scene } from './scene.ts'

export interface Fault {
  readonly name: string
  /** What fires of it. */
  readonly alerts: readonly string[]
  /** Makes it; answers how it is undone. */
  make(scene: Scene): Promise<() => Promise<void>>
}

/** They do not touch each other, and are made at the same time. */
export const beside: readonly Fault[] = [
  {
    name: 'somebody tries out keys',
    alerts: ['ManyRefusals'],
    async make({ apis: [api] }) {
      const trying = setInterval(() => {
        const headers = { 'content-type': 'application/json', authorization: `Bearer slip_${'x'.repeat(43)}` }
        const asked = fetch(`${api.url}/graphql`, {
          method: 'POST',
          headers,
          body: '{"query":"{ __typename }"}',
        })
        asked.then((response) => response.body?.cancel()).catch(() => undefined)
      }, 40)
      return async () => clearInterval(trying)
    },
  },
  {
    name: 'connections are left open',
    alerts: ['ConnectionsNearlyUsed'],
    async make({ cluster }) {
      const clients: pg.Client[] = []
      await eventually('few connections to be left', async () => {
        const client = new pg.Client(cluster.url)
        client.on('error', () => undefined)
        await client.connect()
        clients.push(client)
        const { rows } = await client.query(
          `select count(*)::float8 / current_setting('max_connections')::float8 as share from pg_stat_activity`,
        )
        return rows[0].share > 0.9
      })
      return async () => {
        await Promise.all(clients.map((client) => client.end()))
      }
    },
  },
  {
    name: 'an API computes for long, again and again',
    alerts: ['EventLoopDelayed'],
    async make({ apis: [, api] }) {
      // A process that is stopped and goes on finds that its turn came late, just as one that computes.
      const stopping = setInterval(() => {
        process.kill(api.pid, 'SIGSTOP')
        setTimeout(() => process.kill(api.pid, 'SIGCONT'), 400)
      }, 600)
      return async () => {
        clearInterval(stopping)
        process.kill(api.pid, 'SIGCONT')
        // Once more behind the last of those that are still to come.
        setTimeout(() => process.kill(api.pid, 'SIGCONT'), 500)
      }
    },
  },
]

/** As these are, but it takes half a minute until they are beyond their threshold. */
export const slow: readonly Fault[] = [
  {
    name: 'both workers stand still',
    alerts: ['ProcessDown', 'ProjectionBehind', 'WebhooksOverdue'],
    async make({ workers, client }) {
      for (const { pid } of workers) process.kill(pid, 'SIGSTOP')
      await pingWebhooks(client)
      return async () => {
        for (const { pid } of workers) process.kill(pid, 'SIGCONT')
      }
    },
  },
  {
    name: 'the replica does not come on',
    alerts: ['ReplicaBehind'],
    async make({ standby }) {
      await statement(standby.url, 'select pg_wal_replay_pause()')
      return () => statement(standby.url, 'select pg_wal_replay_resume()')
    },
  },
  {
    name: 'the archive takes nothing',
    alerts: ['ArchivingFails'],
    async make({ cluster }) {
      const archiveBy = async (command: string) => {
        await statement(cluster.url, `alter system set archive_command = '${command}'`)
        await statement(cluster.url, 'select pg_reload_conf()')
        await statement(cluster.url, 'select pg_switch_wal()')
      }
      await archiveBy('false')
      return () => archiveBy('true')
    },
  },
  {
    name: "a machine's clock is ten minutes off",
    alerts: ['ClockOff'],
    async make({ cluster, alsoWatch }) {
      // The same to the process: for its user the database's clock is another one.
      for (const sql of [
        'create schema off',
        `create function off.clock_timestamp() returns timestamptz language sql volatile
           as $$ select pg_catalog.clock_timestamp() - interval '10 minutes' $$`,
        'create role "off" superuser login',
        'alter role "off" set search_path = off, pg_catalog, public',
      ]) {
        await statement(cluster.url, sql)
      }
      const url = new URL(cluster.url)
      url.username = 'off'
      // A worker would do what the others are stopped from doing.
      const product = await startProduct({ role: 'api', env: { DATABASE_URL: url.href } })
      await alsoWatch(product)
      return async () => {
        await alsoWatch()
        await product[Symbol.asyncDispose]()
      }
    },
  },
]

/** One after the other. */
export const alone: readonly Fault[] = [
  {
    name: 'an event cannot be applied',
    alerts: ['RidesParked', 'FaultsLogged'],
    async make({ cluster, workers, client }) {
      // While nobody looks an event of a ride is made one of a version that nobody knows.
      for (const { pid } of workers) process.kill(pid, 'SIGSTOP')
      const rideId = await startRide(client)
      await client.mutate('pauseRide', { rideId })
      const paused = `stream_id = '${rideId}' and type = 'RidePaused'`
      await statement(cluster.url, `update events set schema_version = schema_version + 1000 where ${paused}`)
      for (const { pid } of workers) process.kill(pid, 'SIGCONT')
      return async () => {
        await statement(
          cluster.url,
          `update events set schema_version = schema_version - 1000 where ${paused}`,
        )
        await eventually('the ride to be applied', async () => {
          const { data } = await client.ask(
            'mutation ($input: ParkedRideInput!) { retryParkedRide(input: $input) { __typename } }',
            { input: { rideId } },
          )
          return data?.['retryParkedRide']?.['__typename'] === 'RetryParkedRidePayload'
        })
      }
    },
  },
  {
    name: 'somebody holds the lock that appends wait for',
    alerts: ['LogStandsStill', 'Overloaded'],
    async make({ cluster }) {
      const client = new pg.Client(cluster.url)
      client.on('error', () => undefined)
      await client.connect()
      await client.query('begin')
      await client.query('select * from log_partition for update')
      return () => client.end()
    },
  },
  {
    name: 'the database is gone',
    alerts: ['DatabaseAway', 'DatabaseSilent'],
    async make({ cluster }) {
      await cluster.kill9()
      return () => cluster.restart()
    },
  },
]

/** Messages that wait for a worker. */
async function pingWebhooks(client: ApiClient): Promise<void> {
  const { data } = await client.ask('{ webhooks { id } }')
  const hooks = data?.['webhooks'] as unknown as readonly { readonly id: string }[]
  for (const { id } of hooks) {
    await client.ask('mutation ($input: WebhookInput!) { pingWebhook(input: $input) { __typename } }', {
      input: { webhookId: id },
    })
  }
}

async function statement(url: string, sql: string): Promise<void> {
  const client = new pg.Client(url)
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}
