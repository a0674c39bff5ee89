/** What the doctor says of the environment, of the map's token and of the log; and that it keeps secrets. */
import { describe, expect, test } from 'vitest'
import { judgeConfig, judgeMapbox, judgeMapToken, judgePage } from '#cli/doctor/configuration.ts'
import { examine } from '#cli/doctor/examine.ts'
import { judgeProjections, judgeStanding } from '#cli/doctor/log.ts'
import { readOptions } from '#cli/doctor/options.ts'
import { isWell, reportJson, reportText } from '#cli/doctor/report.ts'
import { withoutSecrets } from '#cli/doctor/secrets.ts'
import { readConfig } from '#config.ts'
import type { ProjectionStatus } from '#projections/administration.ts'

const secret = 'a secret that is long enough for it'

function saidOf(env: NodeJS.ProcessEnv): string {
  const reading = readConfig(env)
  if (reading.outcome === 'refused') throw new Error(reading.faults.join())
  return reportText(judgeConfig(reading.config))
}

describe('the environment', () => {
  test.each([
    [{}, '✓', 'Only this machine'],
    [{ HOST: '0.0.0.0' }, '✗', 'AUTH_SECRET is not set'],
    [{ HOST: '0.0.0.0', AUTH_SECRET: secret }, '!', 'PUBLIC_URL does not say'],
    [{ AUTH_SECRET: secret, PUBLIC_URL: 'http://rides.example.org' }, '!', 'PUBLIC_URL is http'],
    [{ AUTH_SECRET: secret, PUBLIC_URL: 'http://localhost:4000' }, '✓', 'Riders sign in'],
    [{ AUTH_SECRET: secret, PUBLIC_URL: 'https://rides.example.org' }, '!', 'TRUSTED_PROXIES'],
    [
      { AUTH_SECRET: secret, PUBLIC_URL: 'https://rides.example.org', TRUSTED_PROXIES: '10.0.0.1' },
      '✓',
      'Browsers come by https',
    ],
  ])('%o: %s %s', (env, sign, says) => {
    const line = saidOf(env)
      .split('\n')
      .find((each) => each.includes(says))
    expect(line?.trim()).toMatch(new RegExp(`^\\${sign}`))
  })

  test('that cannot be read is told fault by fault, and nothing else is looked at', async () => {
    const options = { json: false, online: false, processes: 1 }
    const nobody = () => Promise.reject(new Error('Nobody asked'))
    const means = { options, now: Date.now, askMapbox: nobody, askCollector: nobody }
    const findings = await examine({ PORT: 'x', ROLE: 'y', OTEL_EXPORTER_OTLP_ENDPOINT: 'nowhere' }, means)
    expect(findings.map(({ level }) => level)).toEqual(['wrong', 'wrong', 'wrong'])
    expect(reportText(findings)).toMatch(/PORT is[\s\S]*ROLE is[\s\S]*OTEL_EXPORTER_OTLP_ENDPOINT is/)
  })
})

test('a token of Mapbox is public, or loudly refused', () => {
  expect(judgeMapToken(undefined).level).toBe('good')
  expect(judgeMapToken('pk.abc').level).toBe('good')
  expect(judgeMapToken('sk.abc')).toMatchObject({ level: 'wrong', says: expect.stringContaining('SECRET') })
  expect(judgeMapToken('abc').level).toBe('wrong')
  expect(JSON.stringify(judgeMapToken('sk.abc'))).not.toContain('sk.abc')
  expect([judgeMapbox('TokenValid'), judgeMapbox('TokenInvalid'), judgeMapbox(undefined)]).toMatchObject([
    ...[{ level: 'good' }, { level: 'wrong' }, { level: 'doubtful' }],
  ])
  expect([judgePage(true).level, judgePage(false).level]).toEqual(['good', 'doubtful'])
})

describe('the log', () => {
  const now = Date.UTC(2026, 4, 31)
  const routes = (
    changes: Partial<ProjectionStatus>,
    behindSince: number | null = null,
  ): ProjectionStatus => ({
    ...{ projection: 'routes', version: 1, state: 'serving', since: 0, parkedRides: 0 },
    partitions: [{ partition: 0, position: behindSince === null ? 9 : 4, head: 9, behindSince }],
    ...changes,
  })
  const judged = (status: ProjectionStatus) => judgeProjections([status], { events: 9, partitions: 1, now })

  test('says how far projections are, and which rides wait', () => {
    expect(judged(routes({})).map(({ says }) => says)).toEqual([
      ...['The log has 9 events in 1 partition.', 'routes: up to date.'],
    ])
    expect(judged(routes({ parkedRides: 2 }))[1]).toMatchObject({
      ...{ level: 'doubtful', says: expect.stringContaining('2 rides are parked') },
    })
    expect(judged(routes({}, now - 1_000))[1]).toMatchObject({
      level: 'good',
      says: 'routes: 5 events behind.',
    })
    expect(judged(routes({}, now - 3_600_000))[1]).toMatchObject({
      ...{ level: 'doubtful', todo: expect.stringContaining('Start a worker') },
    })
    expect(judged(routes({ state: 'building' }, now - 3_600_000))[1]?.level).toBe('good')
    expect(judged(routes({ state: 'retired', parkedRides: 1 }))).toHaveLength(1)
  })

  test('says of which version its tables are', () => {
    const levels = (['none', 'older', 'this version'] as const).map((to) => judgeStanding({ to }).level)
    expect(levels).toEqual(['doubtful', 'doubtful', 'good'])
    expect(judgeStanding({ to: 'newer', newest: '0099_later' }).level).toBe('good')
    const tooNew = judgeStanding({ to: 'too new', reason: 'Start that version.' })
    expect(tooNew).toMatchObject({ level: 'wrong', todo: 'Start that version.' })
  })
})

test('what comes from elsewhere is said without passwords and tokens', () => {
  const hide = withoutSecrets({
    ...{ DATABASE_URL: 'postgres://ana:p%40ss:word@db/slipstream', AUTH_SECRET: secret, EMPTY_SECRET: '' },
    ...{ MAPBOX_ACCESS_TOKEN: 'pk.public', PORT: '4000' },
  })
  expect(hide(`no p%40ss:word, p@ss:word, ${secret} or pk.public at 4000`)).toBe('no …, …, … or … at 4000')
  // What is also the name of something else says nothing of itself.
  const named = withoutSecrets({ DATABASE_URL: 'postgres://slipstream:slipstream@db/slipstreamx' })
  expect(named('database "slipstreamx" does not exist at postgres://slipstream:slipstream@db')).toBe(
    'database "slipstreamx" does not exist at postgres://slipstream:…@db',
  )
})

test('a report says what is to be done, and whether all is well', () => {
  const good = { about: 'Clock', level: 'good', says: 'It goes.' } as const
  const wrong = { about: 'Disk', level: 'wrong', says: 'It is full.', todo: 'Make room.' } as const
  expect(reportText([good, wrong])).toBe(
    'Clock\n  ✓ It goes.\n\nDisk\n  ✗ It is full.\n      → Make room.\n\n1 right, 0 to think about, 1 wrong.',
  )
  expect([isWell([good]), isWell([good, wrong])]).toEqual([true, false])
  expect(JSON.parse(reportJson([good, wrong]))).toEqual({ isWell: false, findings: [good, wrong] })
})

test.each([
  [[], { json: false, online: false, processes: 1 }],
  [['--json', '--online', '--processes', '20'], { json: true, online: true, processes: 20 }],
])('%j is understood', (args, options) => {
  expect(readOptions(args)).toEqual({ outcome: 'options', options })
})

test.each([['--processes', '0'], ['--processes=many'], ['--nothing'], ['please']])(
  '%j … is a mistake',
  (...args) => {
    expect(readOptions(args).outcome).toBe('mistake')
  },
)
