/** What of SQL is refused, rewritten and let through, without a database. */
import { describe, expect, it } from 'vitest'
import { inspect } from '#database/embedded/inspection.ts'

describe('refused is', () => {
  it.each([
    'COPY note FROM STDIN',
    'copy (SELECT 1) TO STDOUT',
    "SELECT 1; /* ' */ COPY note TO STDOUT",
    '-- a word first\n  COPY note FROM STDIN',
    '/* nested /* comment */ */ COPY note FROM STDIN',
    'SET search_path TO other',
    'set session timezone = 1',
    "SELECT E'\\'; SELECT 1'; SET x.y = 1",
    'RESET ALL',
    'DISCARD ALL',
    'PREPARE p AS SELECT 1',
    'DEALLOCATE ALL',
    "SELECT set_config('search_path', 'other', false)",
    "SELECT pg_catalog.set_config('a.b', coalesce(NULL, '('), 'f')",
    'SELECT pg_advisory_lock(1)',
    'SELECT pg_try_advisory_lock_shared(1, 2)',
    'CREATE TEMP TABLE t (i int)',
    'CREATE LOCAL TEMPORARY TABLE t (i int)',
    'DECLARE c CURSOR WITH HOLD FOR SELECT 1',
  ])('%s', (sql) => {
    expect(inspect(sql).refusal).toMatchObject({
      code: '0A000',
      hint: expect.stringContaining('DATABASE_URL'),
    })
  })
})

describe('let through as it is', () => {
  it.each([
    'SELECT 1',
    'UPDATE note SET body = $1',
    "SELECT 'x; COPY note FROM STDIN'",
    'SELECT $a$; SET x = 1;$a$',
    'SELECT "; SET x = 1"',
    'CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql SET enable_seqscan = off AS $$BEGIN RETURN 1; END$$',
    'CREATE RULE r AS ON INSERT TO a DO ALSO (INSERT INTO b VALUES (1); NOTIFY c)',
    'SET LOCAL search_path TO other',
    'SET TRANSACTION ISOLATION LEVEL SERIALIZABLE',
    "SELECT set_config('a.b', '1', true)",
    "SELECT set_config('a.b', '1', $1)",
    'SELECT pg_advisory_xact_lock(1)',
    'CREATE TEMP TABLE t (i int) ON COMMIT DROP',
    'DECLARE c CURSOR FOR SELECT 1',
    'EXPLAIN SELECT 1',
  ])('%s', (sql) => {
    expect(inspect(sql)).toEqual({ sql, listening: [] })
  })
})

describe('listening', () => {
  it('is read from every statement of a text, in order', () => {
    const { listening } = inspect('LISTEN a; SELECT 1; listen "B c"; UNLISTEN a ; unlisten *;')
    expect(listening).toEqual([
      { kind: 'listen', channel: 'a' },
      { kind: 'listen', channel: 'B c' },
      { kind: 'unlisten', channel: 'a' },
      { kind: 'unlisten', channel: undefined },
    ])
  })

  it('to names beyond 63 bytes is to what PostgreSQL makes of them', () => {
    expect(inspect(`LISTEN ${'é'.repeat(40)}`).listening).toEqual([
      { kind: 'listen', channel: 'é'.repeat(31) },
    ])
  })

  it('is never ended for the whole session, and the rest of the text stays', () => {
    expect(inspect("SELECT 'UNLISTEN a'; UNLISTEN a; UNLISTEN * -- all\n; SELECT 2").sql).toBe(
      `SELECT 'UNLISTEN a'; UNLISTEN "-"; UNLISTEN "-" -- all\n; SELECT 2`,
    )
  })
})

it('a text of many megabytes is read without overflowing', () => {
  const sql = `SELECT '${"it''s ".repeat(1_000_000)}', "${'x'.repeat(1_000_000)}"; COPY note FROM STDIN`
  expect(inspect(sql).refusal).toBeDefined()
})
