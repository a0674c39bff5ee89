/** README's examples, run as they stand there but for the port. */
import { execFile, spawnSync } from 'node:child_process'
import { mkdtempDisposable, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { connect } from '../api/client.ts'
import { freshDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { startProduct } from '../support/product.ts'

const hasCurl = spawnSync('curl', ['--version']).status === 0

test.skipIf(!hasCurl)("README's examples work by copy and paste", async () => {
  const readme = await readFile('README.md', 'utf8')
  const examples = [...readme.matchAll(/```sh\n(curl .*?)```/gs)].map(([, example]) => example ?? '')
  const named = (name: string) => examples.find((example) => example.includes(name)) ?? ''
  await using database = await freshDatabase()
  await using product = await startProduct({ env: { DATABASE_URL: database.url } })
  await using client = connect(product.url)
  const run = async (example: string) => {
    const script = example.replaceAll('http://127.0.0.1:4000', product.url)
    return (await promisify(execFile)('bash', ['-c', script])).stdout
  }
  const started = JSON.parse(await run(named('startRide')))
  expect(started).toMatchObject({ data: { startRide: { version: 1 } } })
  const { rideId } = started.data.startRide
  // The feed goes on until it is left: here until the ride is over.
  const watching = run(
    named('rideFeed').replace('rideFeed(rideId: $ride)', 'rideFeed(rideId: $ride, until: FINISHED)'),
  )
  expect(JSON.parse(await run(named('recordPositions')))).toMatchObject({
    data: { recordPositions: { accepted: 1, version: 2 } },
  })
  expect(JSON.parse(await run(named('endRide')))).toMatchObject({ data: { endRide: { version: 3 } } })
  expect(await watching).toContain('"status":"FINISHED"')
  await eventually('the ride on the read side', async () => {
    const { data } = await client.ask('query ($id: ID!) { ride(id: $id) { status title } }', { id: rideId })
    expect(data?.['ride']).toEqual({ status: 'FINISHED', title: 'To work' })
    return true
  })
  const file = await run(named('to-work.gpx').replace('-o to-work.gpx', ''))
  expect(file).toContain('<name>To work</name>')
  expect(file.match(/<trkpt lat="46.0569" lon="14.5058"><ele>298</g)).toHaveLength(1)
  await using directory = await mkdtempDisposable(join(tmpdir(), 'slipstream-readme-'))
  const recording = join(directory.path, 'my-ride.fit')
  await writeFile(recording, file)
  expect(JSON.parse(await run(named('/rides/import').replace('my-ride.fit', recording)))).toMatchObject({
    status: 'ENDED',
    positions: 1,
    alreadyImported: false,
  })
})
