/** However often Prometheus asks, and several of them at once, the database is asked once a second, and never by two at a time. */
import type { ConnectionPool } from '@databases/pg'
import { expect, test } from 'vitest'
import { type Observed, observe } from '#composition/observe.ts'
import { openMetrics } from '#telemetry/metrics.ts'

function observed(answer: () => Promise<never>) {
  const metrics = openMetrics({ version: '0', role: 'all' })
  let asked = 0
  const reading = { open: 0, idle: 0, waiting: 0 }
  observe({
    metrics,
    database: { query: () => new Promise(() => undefined) } as Pick<
      ConnectionPool,
      'query'
    > as ConnectionPool,
    replicaHeads: undefined,
    use: () => ({ isAvailable: true, underWay: { write: 0, append: 0 }, reading }),
    log: { waitingBytes: () => 0 } as Observed['log'],
    commands: { waitingBytes: () => 0 } as Observed['commands'],
    administration: {
      status() {
        asked++
        return answer()
      },
    } as Pick<Observed['administration'], 'status'> as Observed['administration'],
    machineTime: Date.now,
  })
  return { metrics, asked: () => asked }
}

test('who asks again at once, or while it is being asked, asks the database no second time', async () => {
  const { metrics, asked } = observed(() => Promise.reject(new Error('no')))
  await Promise.all([metrics.exposition(), metrics.exposition()])
  await metrics.exposition()
  expect(asked()).toBe(1)
  expect((await metrics.exposition()).text).toContain('slipstream_database_vitals_answered 0')
})
