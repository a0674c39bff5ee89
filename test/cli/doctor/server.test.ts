/** What the doctor says of a PostgreSQL, by what that says of itself. */
import { describe, expect, test } from 'vitest'
import { connectionsOf, judgeConnections } from '#cli/doctor/connections.ts'
import { judgeDurability } from '#cli/doctor/durability.ts'
import type { Finding } from '#cli/doctor/finding.ts'
import { judgeClock, judgeDisk } from '#cli/doctor/ground.ts'
import { judgeReplica } from '#cli/doctor/replica.ts'
import { judgeServer, judgeUse } from '#cli/doctor/server.ts'
import { judgeUpkeep } from '#cli/doctor/upkeep.ts'
import type { SignInConfig } from '#config.ts'
import { facts } from './facts.ts'

const worst = (findings: readonly Finding[]) =>
  (['wrong', 'doubtful', 'good'] as const).find((level) => findings.some((each) => each.level === level))
const todoOf = (findings: readonly Finding[]) => findings.flatMap(({ todo }) => todo ?? []).join(' ')

describe('of a server that is sound nothing is to be done', () => {
  test.each([
    ['what it is', judgeServer(facts(), 'all')],
    ['what it keeps', judgeDurability(facts())],
    ['how it is kept', judgeUpkeep(facts())],
  ])('%s', (_, findings) => {
    expect([worst(findings), todoOf(findings)]).toEqual(['good', ''])
  })
})

test('PostGIS that the first start enables is good, and so is a database that nobody works on, or somebody', () => {
  const fresh = facts({}, { postgis: { installed: null, available: '3.4.0' } })
  expect(worst(judgeServer(fresh, 'all'))).toBe('good')
  const use = (own: number) => judgeUse(facts({}, { connections: { own, others: 0 } }))
  expect(use(0)).toMatchObject({ level: 'good', says: 'No process of Slipstream works on it now.' })
  expect(use(12)).toMatchObject({
    ...{ level: 'good', says: 'Slipstream works on it: 12 connections are its own.' },
  })
})

describe('each of these is said, with what to do', () => {
  test.each([
    ['an old server', 'wrong', judgeServer(facts({}, { version: 140_010 }), 'all'), 'newer server'],
    [
      'an old PostGIS',
      'wrong',
      judgeServer(facts({}, { postgis: { installed: '3.2.9', available: '3.2.9' } }), 'all'),
      'postgis_extensions_upgrade',
    ],
    [
      'no PostGIS',
      'wrong',
      judgeServer(facts({}, { postgis: { installed: null, available: null } }), 'all'),
      'apt-get install',
    ],
    [
      'PostGIS that this user may not enable',
      'wrong',
      judgeServer(
        facts(
          {},
          {
            postgis: { installed: null, available: '3.4.0' },
            rights: { mayEnablePostgis: false, mayCreate: true, mayQueue: true, mayAppend: null },
          },
        ),
        'all',
      ),
      'create extension',
    ],
    [
      'a user who may make no tables',
      'wrong',
      judgeServer(
        facts({}, { rights: { mayEnablePostgis: true, mayCreate: false, mayQueue: true, mayAppend: null } }),
        'all',
      ),
      'grant create',
    ],
    [
      'a user who may make no queue',
      'wrong',
      judgeServer(
        facts({}, { rights: { mayEnablePostgis: true, mayCreate: true, mayQueue: false, mayAppend: true } }),
        'worker',
      ),
      'create schema pgboss',
    ],
    ['fsync', 'wrong', judgeDurability(facts({ fsync: 'off' })), 'fsync = on'],
    [
      'full_page_writes',
      'wrong',
      judgeDurability(facts({ full_page_writes: 'off' })),
      'full_page_writes = on',
    ],
    [
      'synchronous_commit',
      'wrong',
      judgeDurability(facts({ synchronous_commit: 'off' })),
      'synchronous_commit = on',
    ],
    ['no archive', 'doubtful', judgeDurability(facts({ archive_mode: 'off' })), 'archive_mode = on'],
    ['minimal WAL', 'doubtful', judgeDurability(facts({ wal_level: 'minimal' })), 'wal_level = replica'],
    [
      'an archive that goes nowhere',
      'doubtful',
      judgeDurability(facts({ archive_command: '' })),
      'archive_command',
    ],
    [
      'an archive that fails',
      'wrong',
      judgeDurability(facts({}, { archiveFailingSince: new Date(0) })),
      'archive_command fails',
    ],
    ['no autovacuum', 'wrong', judgeUpkeep(facts({ autovacuum: 'off' })), 'autovacuum = on'],
    ['little memory', 'doubtful', judgeUpkeep(facts({ shared_buffers: '2048' })), 'a quarter'],
    [
      'short statements',
      'doubtful',
      judgeUpkeep(facts({ statement_timeout: '5000' })),
      'statement_timeout = 0',
    ],
    [
      'an end to who listens',
      'doubtful',
      judgeUpkeep(facts({ idle_session_timeout: '1' })),
      'idle_session_timeout = 0',
    ],
    ['a clock that goes wrong', 'wrong', [judgeClock({ before: 0, there: 5_020, after: 10 })], 'NTP'],
    [
      'a clock that is quite wrong',
      'wrong',
      [judgeClock({ before: 90_000, there: 0, after: 90_010 })],
      'NTP',
    ],
    ['a disk that is filling', 'doubtful', [judgeDisk(1, 1024 ** 3)], 'Make room'],
    ['a disk that is full', 'wrong', [judgeDisk(1, 1024 ** 2)], 'Make room'],
  ] as const)('%s', (_, level, findings, todo) => {
    expect(worst(findings)).toBe(level)
    expect(todoOf(findings)).toContain(todo)
  })

  test('webhooks are not sent from an API, which needs no queue', () => {
    const lacking = facts(
      {},
      { rights: { mayEnablePostgis: true, mayCreate: true, mayQueue: false, mayAppend: true } },
    )
    expect(worst(judgeServer(lacking, 'api'))).toBe('good')
  })

  test('a clock whose answer took long is not called wrong', () => {
    expect(judgeClock({ before: 0, there: 4_000, after: 5_000 }).level).toBe('good')
  })
})

describe('connections', () => {
  const signIn: SignInConfig = {
    ...{ secret: 's', publicUrl: undefined, admins: [], oidc: undefined, tokens: undefined },
    signUp: 'first',
  }

  test('are counted as the pools open them: by role, partitions, sign-in and replica', () => {
    const all = { role: 'all', signIn: undefined, databaseReadUrl: undefined } as const
    const of = (config: Parameters<typeof connectionsOf>[0], partitions = 1) =>
      connectionsOf(config, partitions)
    // 10 to write, 1 a partition, 6 to read, 3 of the queue, 1 that listens and 1 in passing.
    expect(of(all)).toEqual({ primary: 22, replica: 0 })
    expect(of(all, 4)).toEqual({ primary: 25, replica: 0 })
    expect(of({ ...all, signIn })).toEqual({ primary: 24, replica: 0 })
    expect(of({ ...all, role: 'api' })).toEqual({ primary: 19, replica: 0 })
    expect(of({ ...all, role: 'worker', signIn })).toEqual({ primary: 22, replica: 0 })
    expect(of({ ...all, databaseReadUrl: 'postgres://replica/' })).toEqual({ primary: 16, replica: 6 })
  })

  test('have to suffice for all processes, and for one more while one is replaced', () => {
    const room = { max: 100, reserved: 3, others: 7 }
    const judged = (processes: number) => judgeConnections('Connections', { each: 22, processes }, room)
    expect([1, 3, 4, 5, 20].map((processes) => judged(processes).level)).toEqual([
      ...['good', 'good', 'doubtful', 'wrong', 'wrong'],
    ])
    expect(judged(20).says).toContain('440')
    expect(judged(20).says).toContain('4 fit')
    expect(judged(20).todo).toContain('472')
  })
})

describe('a replica', () => {
  const log = { incarnation: 'this', partitions: 1, events: 1_000 }
  const judged = (others: Parameters<typeof facts>[1]) => judgeReplica(facts(), facts({}, others))[0]

  test('that follows is good, and one far behind is said to be', () => {
    expect(judged({ isStandby: true })).toMatchObject({
      level: 'good',
      says: 'It follows, and has all events.',
    })
    const behind = judgeReplica(facts({}, { log: { ...log, events: 5_000 } }), facts({}, { isStandby: true }))
    expect(behind[0]).toMatchObject({ level: 'doubtful', says: 'It is 4,000 events behind.' })
  })

  test('of another log, or that is none, is found', () => {
    expect(judged({ isStandby: true, log: { ...log, incarnation: 'another' } })?.level).toBe('wrong')
    expect(judged({ isStandby: true, log: null })?.level).toBe('wrong')
    expect(judged({ isStandby: false })?.level).toBe('doubtful')
  })
})
