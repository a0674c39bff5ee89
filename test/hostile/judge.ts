/** What an answer to hostile input must not be: a fault of the server's, silence, or a look into its inside. */
import { readdirSync, readFileSync } from 'node:fs'

/** What came back, over whatever road. */
export interface Reply {
  /**
   * Of HTTP; for an answer over a WebSocket 200. `cut`: the connection was closed or reset without an answer. `silent`: nothing
   * came in time.
   */
  readonly status: number | 'cut' | 'silent'
  /** With which the server closed a WebSocket. */
  readonly closeCode?: number
  readonly body: string
}

/** How long a hostile request may be without an answer: ten times what the slowest honest one takes. */
export const answerWithinMs = 20_000

/**
 * What is wrong with the reply; undefined where nothing is.
 *
 * @param mayBeCut where what was sent is no HTTP, or more than headers may be: to close the connection is an answer then.
 */
export function findingOf(
  reply: Reply,
  { mayBeCut = false }: { readonly mayBeCut?: boolean } = {},
): string | undefined {
  const { status, body, closeCode } = reply
  if (status === 'silent') return `no answer within ${answerWithinMs / 1000} s`
  if (closeCode !== undefined && faultyCloseCodes.includes(closeCode))
    return `socket closed with ${closeCode}`
  if (status === 'cut') return mayBeCut || closeCode !== undefined ? leakIn(body) : 'connection cut'
  if (status >= 500 && !(status === 503 && body.includes('"OVERLOADED"'))) return `status ${status}: ${body}`
  if (body.includes('INTERNAL_SERVER_ERROR')) return `a fault: ${body}`
  return leakIn(body)
}

/** Abnormal closure, internal error (RFC 6455, 7.4.1), and graphql-ws' own for the latter. */
const faultyCloseCodes = [1006, 1011, 4500]

/** The inside of the server that shows in a text; undefined where none does. */
export function leakIn(text: string): string | undefined {
  const shown = inside.find((pattern) => pattern.test(text))
  return shown && `shows the inside of the server (${shown}): ${excerpt(text, shown)}`
}

/**
 * Stack traces, paths, SQL and its faults, and names of tables and functions. What attackers send here holds none of these
 * words, so that an answer that repeats what was sent is no find.
 */
const inside: readonly RegExp[] = [
  /\bat [^\n"]*\.[cm]?[jt]s:\d/,
  /node_modules/,
  /file:\/\//,
  new RegExp(new URL('../..', import.meta.url).pathname.replace(/\/$/, '').replaceAll('/', '\\/')),
  /\bselect [^"]* from /i,
  /\b(insert into|delete from|update [a-z_]+ set)\b/i,
  /SQLSTATE|syntax error at or near|invalid byte sequence|unterminated quoted|violates .* constraint/i,
  /\b(ECONNREFUSED|ECONNRESET|ENOENT)\b/,
  /\b(pglite|postgres(ql)?|postgis|kysely|pothos)\b/i,
  new RegExp(`\\b(${relations().join('|')})\\b`),
]

/** Tables and functions of the migrations. Names of one word are words of the API, too. */
function relations(): string[] {
  const directory = new URL('../../db/migrations/', import.meta.url)
  const text = readdirSync(directory)
    .map((name) => readFileSync(new URL(name, directory), 'utf8'))
    .join('\n')
  const made = text.matchAll(
    /create (?:or replace )?(?:table|function|view)(?: if not exists)? ([a-z0-9_]+)/gi,
  )
  return [...new Set([...made].map(([, name]) => name ?? '').filter((name) => name.includes('_')))]
}

function excerpt(text: string, pattern: RegExp): string {
  const at = pattern.exec(text)?.index ?? 0
  return text.slice(Math.max(0, at - 80), at + 160)
}
