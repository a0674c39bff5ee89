import { once } from 'node:events'
import { Agent, request } from 'node:http'
import pg from 'pg'
import { expect, test } from 'vitest'
import { connect, startRide } from '../api/client.ts'
import { freshDatabase, needsPostgres } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { freePort } from '../support/free-port.ts'
import { type Product, startProduct } from '../support/product.ts'

interface Probe {
  readonly status: number | undefined
  readonly connection: string | undefined
  readonly text: string
}

/** Over a connection of its own, unless an agent is given. */
function ask(product: Product, path: string, agent: Agent | false = false): Promise<Probe> {
  return new Promise((resolve, reject) => {
    const asking = request(`${product.url}${path}`, { agent }, (answer) => {
      let text = ''
      answer.setEncoding('utf8').on('data', (part: string) => {
        text += part
      })
      answer.on('end', () =>
        resolve({ status: answer.statusCode, connection: answer.headers.connection, text: text.trim() }),
      )
    })
    asking.on('error', reject)
    asking.end()
  })
}

test('while it drains it serves all as before, says that it is not ready, and keeps no connection; asked a second time it leaves now', async () => {
  await using product = await startProduct({ env: { DRAIN_SECONDS: '300' } })
  const agent = new Agent({ keepAlive: true })
  expect(await ask(product, '/readyz', agent)).toMatchObject({ status: 200, text: 'ready' })
  const stopped = product.stop('SIGTERM')
  const unready = { status: 503, connection: 'close', text: 'not ready: it is stopping' }
  await eventually('it to say so', async () => (await ask(product, '/readyz', agent)).status === 503)
  expect(await ask(product, '/readyz', agent)).toEqual(unready)
  expect(await ask(product, '/readyz?for=traffic')).toMatchObject({ status: 503, text: unready.text })
  expect(await ask(product, '/healthz')).toMatchObject({ status: 200, text: 'alive' })
  await using client = connect(product.url)
  expect(await startRide(client)).toEqual(expect.any(String))
  let isGone = false
  const gone = stopped.finally(() => {
    isGone = true
  })
  // What follows the first within half a second is the same asking.
  await eventually('it to leave', () => {
    if (!isGone) process.kill(product.pid, 'SIGTERM')
    return isGone
  })
  expect(await gone).toEqual({ code: 1, signal: null })
  expect(product.output()).toContain('Asked again: it leaves at once.')
  agent.destroy()
})

test('when it has drained it stops', async () => {
  await using product = await startProduct({ env: { DRAIN_SECONDS: '1' } })
  const asked = performance.now()
  expect(await product.stop('SIGTERM')).toEqual({ code: 0, signal: null })
  expect(performance.now() - asked).toBeGreaterThan(990)
})

/** A worker in the middle of a batch: somebody holds a table that it needs. */
async function openBusyWorker() {
  await using opening = new AsyncDisposableStack()
  const database = opening.use(await freshDatabase())
  const env = { DATABASE_URL: database.url }
  const api = opening.use(await startProduct({ env, role: 'api' }))
  const worker = opening.use(await startProduct({ env, role: 'worker' }))
  const client = opening.use(connect(api.url))
  const holder = new pg.Client(database.url)
  await holder.connect()
  opening.defer(() => holder.end())
  const tables = "select 'rides_' || version as rides from projection_version where projection = 'rides'"
  const { rides } = (await holder.query<{ rides: string }>(tables)).rows[0]!
  await holder.query('begin')
  await holder.query(`lock table ${rides} in access exclusive mode`)
  const rideId = await startRide(client)
  // In the middle of its transaction: what else needs the table asks a single question.
  await eventually('the batch to wait for it', async () => {
    // Within a transaction it would be told the same again.
    await holder.query('select pg_stat_clear_snapshot()')
    const { rows } = await holder.query(
      `select from pg_locks join pg_stat_activity using (pid)
        where not granted and datname = current_database() and xact_start < query_start`,
    )
    return rows.length > 0
  })
  const open = opening.move()
  const counted = async () =>
    (await holder.query(`select count(*)::int as rows from ${rides} where ride_id = $1`, [rideId])).rows[0]
      .rows
  return {
    ...{ api, worker, counted },
    release: () => holder.query('commit'),
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  }
}

test('a worker finishes its batch, alive and not ready meanwhile', async (context) => {
  needsPostgres(context)
  await using busy = await openBusyWorker()
  const { worker } = busy
  const stopped = worker.stop('SIGTERM')
  await eventually('it to say that it stops', async () => (await ask(worker, '/readyz')).status === 503)
  expect((await ask(worker, '/readyz')).text).toBe('not ready: it is stopping')
  expect((await ask(worker, '/healthz')).text).toBe('alive')
  expect(await busy.counted()).toBe(0)
  await busy.release()
  expect(await stopped).toEqual({ code: 0, signal: null })
  expect(await busy.counted()).toBe(1)
})

test('what hangs is left after ten seconds, and the log says what it was', async (context) => {
  needsPostgres(context)
  await using busy = await openBusyWorker()
  // What it needs is held as long as this test goes on: it leaves by itself.
  const asked = performance.now()
  expect(await busy.worker.stop('SIGTERM')).toEqual({ code: 1, signal: null })
  expect(performance.now() - asked).toBeGreaterThan(9_990)
  expect(busy.worker.output()).toMatch(
    /Stopping took more than 10 s and was given up\. Not done: [^.]*batches of projections/,
  )
}, 90_000)

test('asked to stop before it is open it leaves', async () => {
  await using database = await freshDatabase()
  const { spawn } = await import('node:child_process')
  const env = { ...process.env, DATABASE_URL: database.url, PORT: String(await freePort()) }
  const child = spawn(process.execPath, ['src/main.ts'], { env, stdio: ['ignore', 'pipe', 'ignore'] })
  let said = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  await eventually('it to begin', () => said.includes('Preparing the database'))
  child.kill('SIGTERM')
  expect(await once(child, 'exit')).toEqual([0, null])
})
