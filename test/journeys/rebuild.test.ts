/** What is read is rebuilt while riders ride and everybody reads. */
import { expect, test } from 'vitest'
import { type ApiClient, at, connect, position, startRide } from '../api/client.ts'
import { ended, startCommand } from '../support/command.ts'
import { freshDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { startProduct } from '../support/product.ts'
import { statement } from '../support/statement.ts'

async function rideOut(client: ApiClient): Promise<string> {
  const rideId = await startRide(client, { visibility: 'PUBLIC' })
  for (let upload = 0; upload < 3; upload++) {
    const positions = Array.from({ length: 20 }, (_, index) => position(upload * 20 + index))
    await client.mutate('recordPositions', { rideId, positions })
  }
  await client.mutate('endRide', { rideId, at: at(70) })
  return rideId
}

const history = `{ rides(first: 100) { nodes { id status version route { pointCount } statistics { distance } } } }`

interface Row {
  readonly id: string
  readonly status: string
  readonly version: number
  readonly route: { readonly pointCount: number } | null
}

test('a rebuild under load: no query fails, none sees less than one before it, and the rows are the same', async () => {
  await using database = await freshDatabase()
  await using product = await startProduct({ env: { DATABASE_URL: database.url } })
  await using client = connect(product.url)
  const done = await Promise.all(Array.from({ length: 10 }, () => rideOut(client)))
  const rows = async () => {
    const { data, errors } = await client.ask(history)
    if (errors !== undefined) throw new Error(JSON.stringify(errors))
    return data?.['rides']?.['nodes'] as Row[]
  }
  await eventually('the rides to be FINISHED', async () => {
    const own = (await rows()).filter(({ id }) => done.includes(id))
    return own.length === 10 && own.every(({ status }) => status === 'FINISHED')
  })

  let isOver = false
  const failures: unknown[] = []
  const newest = new Map<string, number>()
  let asked = 0
  async function read(): Promise<void> {
    while (!isOver) {
      const answer = await rows().catch((error: unknown) => {
        failures.push(error)
        return []
      })
      asked++
      const seen = new Map(answer.map((row) => [row.id, row]))
      for (const id of done)
        if (seen.get(id)?.route?.pointCount !== 60) failures.push(`${id} without its route`)
      for (const { id, version } of answer) {
        if (version < (newest.get(id) ?? 0)) failures.push(`${id} went back to version ${version}`)
        newest.set(id, version)
      }
    }
  }
  let ridden = 0
  async function ride(): Promise<void> {
    // Bounded: a page shows a hundred rides.
    while (!isOver && ridden++ < 60) await rideOut(client)
  }
  const reading = read()
  const riding = [ride(), ride()]

  for (const name of ['rides', 'routes']) {
    const command = startCommand('projections.ts', { DATABASE_URL: database.url }, 'rebuild', name)
    const { code, output, complaint } = await ended(command)
    expect(code, output + complaint).toBe(0)
  }
  isOver = true
  await Promise.all([reading, ...riding])
  expect(failures).toEqual([])
  expect(asked).toBeGreaterThan(10)

  for (const table of ['rides', 'ride_progress', 'routes']) {
    await eventually(`both versions of ${table} to be the same`, async () => {
      const [old, rebuilt] = await Promise.all(
        [1, 2].map((version) =>
          statement(database.url, `select * from ${table}_${version} order by ride_id`),
        ),
      )
      expect(old?.length).toBeGreaterThan(10)
      expect(rebuilt).toEqual(old)
      return true
    })
  }
}, 120_000)
