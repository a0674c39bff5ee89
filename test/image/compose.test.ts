/** docker-compose.yml as docker-compose reads it: 1.29, the oldest that is about. */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { needsPrograms } from '../support/programs.ts'

interface Service {
  readonly image: string
  readonly restart?: string
  readonly read_only?: boolean
  readonly cap_drop?: readonly string[]
  readonly security_opt?: readonly string[]
  readonly mem_limit?: string
  readonly cpus?: number
  readonly logging?: { readonly options: Readonly<Record<string, string>> }
  readonly ports?: readonly string[]
  readonly volumes?: readonly string[]
  readonly environment?: Readonly<Record<string, unknown>>
}

const secrets = { POSTGRES_PASSWORD: 'a1', AUTH_SECRET: 'b2' }
const root = new URL('../..', import.meta.url).pathname

/** Not the .env that may be here. */
const nothing = join(mkdtempSync(join(tmpdir(), 'slipstream-compose-')), 'empty.env')
writeFileSync(nothing, '')
afterAll(() => rmSync(dirname(nothing), { recursive: true }))

function compose(env: Readonly<Record<string, string>>, ...args: string[]) {
  return spawnSync('docker-compose', ['-f', 'docker-compose.yml', '--env-file', nothing, ...args], {
    cwd: root,
    env: { PATH: process.env['PATH'], ...env },
    encoding: 'utf8',
  })
}

/** docker-compose is a Python program, so that Python's YAML is there. */
function services(): Readonly<Record<string, Service>> {
  const input = compose(secrets, '--profile', 'observe', 'config').stdout
  const toJson = 'import json, sys, yaml; print(json.dumps(yaml.safe_load(sys.stdin)["services"]))'
  return JSON.parse(execFileSync('/usr/bin/python3', ['-c', toJson], { input, encoding: 'utf8' }))
}

beforeEach((context) => {
  needsPrograms(context, 'docker-compose', '/usr/bin/python3')
  // Later ones write it down otherwise.
  if (!compose({}, 'version', '--short').stdout.startsWith('1.29')) context.skip('needs docker-compose 1.29')
})

test.each([[], ['--profile', 'observe']])('it is understood without a warning %s', (...profile) => {
  const { status, stderr } = compose(secrets, ...profile, 'config')
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
})

test.each(['POSTGRES_PASSWORD', 'AUTH_SECRET'])('there is no %s but the own one', (name) => {
  const { status, stderr } = compose({ ...secrets, [name]: '' }, 'config')
  expect(status).not.toBe(0)
  expect(stderr).toContain(`put a line ${name}=… into .env`)
})

test('every container is bounded, is written to in named places alone, may do little, and comes back', () => {
  for (const [name, service] of Object.entries(services())) {
    expect(service, name).toMatchObject({
      restart: 'unless-stopped',
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
      mem_limit: expect.any(String),
      cpus: expect.any(Number),
      logging: { options: { 'max-size': '10m', 'max-file': '5' } },
    })
    expect(service.image === 'slipstream:latest' || /:v?\d+[.-]\d/.test(service.image), service.image).toBe(
      true,
    )
  }
})

test('only the proxy may be reached from elsewhere, and not unless it is asked for', () => {
  const all = services()
  const published = Object.entries(all).flatMap(([name, { ports = [] }]) => ports.map((port) => [name, port]))
  expect(published.length).toBeGreaterThan(0)
  for (const [name, port] of published) expect(port, name).toMatch(/^127\.0\.0\.1:/)
  const open = Object.entries(all).flatMap(([name, { ports }]) => (ports === undefined ? [] : [name]))
  expect(open.sort()).toEqual(['grafana', 'jaeger', 'prometheus', 'proxy'])
})

test('two APIs and two workers run, and the proxy knows each API', () => {
  const all = Object.entries(services())
  const of = (role: string) =>
    all.filter(([, { environment }]) => environment?.['ROLE'] === role).map(([name]) => name)
  expect(of('worker')).toEqual(['worker-1', 'worker-2'])
  expect(of('api')).toEqual(['api-1', 'api-2'])
  const [, proxy] = all.find(([name]) => name === 'proxy')!
  expect(proxy.environment?.['UPSTREAMS']).toBe('api-1:4000 api-2:4000')
})

test('Prometheus knows each process by its name, so that it misses one that has stopped', () => {
  const names = Object.entries(services()).flatMap(([name, { environment }]) =>
    environment?.['ROLE'] === undefined ? [] : [`${name}:${environment['METRICS_PORT']}`],
  )
  const config = readFileSync(`${root}/ops/prometheus/prometheus.yml`, 'utf8')
  const toTargets =
    'import json, sys, yaml; print(json.dumps([t for s in yaml.safe_load(sys.stdin)["scrape_configs"] for c in s["static_configs"] for t in c["targets"]]))'
  const targets = execFileSync('/usr/bin/python3', ['-c', toTargets], { input: config, encoding: 'utf8' })
  expect(JSON.parse(targets).sort()).toEqual(names.sort())
})

test('whether a request is traced is not for whoever sends it to decide', () => {
  expect(services()['api-1']?.environment).toMatchObject({
    OTEL_TRACES_SAMPLER: 'traceidratio',
    OTEL_TRACES_SAMPLER_ARG: '0.01',
  })
})

test('what is mounted from here is here', () => {
  const mounted = Object.values(services()).flatMap(({ volumes = [] }) =>
    volumes.map((volume) => volume.split(':')[0]!).filter((source) => source.startsWith('/')),
  )
  expect(mounted.length).toBeGreaterThan(0)
  expect(mounted.filter((path) => !existsSync(path))).toEqual([])
})
