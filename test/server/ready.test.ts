import { expect, test } from 'vitest'
import { freshDatabase, needsPostgres } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { startProduct } from '../support/product.ts'
import { startProxy } from '../support/proxy.ts'

test('a database that takes everything and answers nothing keeps no probe waiting, and is known to be away', async (context) => {
  needsPostgres(context)
  await using database = await freshDatabase()
  const url = new URL(database.url)
  await using network = await startProxy({ target: Number(url.port || 5432), random: Math.random })
  url.port = String(network.port)
  const env = { DATABASE_URL: url.href }
  await using api = await startProduct({ env, role: 'api' })
  await using worker = await startProduct({ env, role: 'worker' })
  let longestMs = 0
  const probe = async (path: string) => {
    const asked = performance.now()
    const answers = await Promise.all(
      [api, worker].map(async (product) => {
        const answer = await fetch(`${product.url}${path}`)
        return `${answer.status} ${(await answer.text()).trim()}`
      }),
    )
    longestMs = Math.max(longestMs, performance.now() - asked)
    return answers
  }
  network.blackhole()
  await eventually('both to be unready', async () =>
    (await probe('/readyz')).every((answer) => /^503 not ready: the database/.test(answer)),
  )
  expect(await probe('/healthz')).toEqual(['200 alive', '200 alive'])
  // 0.75 s, and what a busy machine takes.
  expect(longestMs).toBeLessThan(2_000)
  network.pass()
  await eventually('both to be ready again', async () =>
    (await probe('/readyz')).every((answer) => answer === '200 ready'),
  )
}, 60_000)
