/**
 * What the gateway must know of a text before it lets it through: whether it is refused, what it listens to,
 * and how it reads for the one backend session that stands behind all connections.
 *
 * Refused is what would outlive the transaction in that shared session (SET, session locks, temporary tables,
 * prepared statements made in SQL) and what stops PGlite altogether (COPY). None of pg, @databases/pg,
 * pg-listen and Kysely sends any of it unasked.
 */
import { LRUCache } from 'lru-cache'
import type { Refusal } from './protocol.ts'
import { type Statement, statements, type Token } from './sql.ts'

/** One LISTEN or UNLISTEN of a text; `channel` is undefined for `UNLISTEN *`. */
export type Listening =
  | { readonly kind: 'listen'; readonly channel: string }
  | { readonly kind: 'unlisten'; readonly channel: string | undefined }

export interface Inspection {
  readonly refusal?: Refusal
  /** The text to run in place of the given one. */
  readonly sql: string
  readonly listening: readonly Listening[]
}

/**
 * Stands in for a refused text: PostgreSQL fails it as a syntax error at just this word, and does by itself
 * what follows an error (aborts the transaction, skips to the next Sync, says the right ReadyForQuery). The
 * gateway puts the true reason in the error's place.
 */
export const refusedMarker = 'refused_by_the_embedded_database'

/** Texts are few and repeated, since their values travel as parameters. */
const inspected = new LRUCache<string, Inspection>({ max: 500 })
const longestRememberedText = 16_384

export function inspect(sql: string): Inspection {
  const known = inspected.get(sql)
  if (known) return known
  const inspection = suspicious.test(sql) ? inspectStatements(sql) : { sql, listening: [] }
  if (sql.length <= longestRememberedText) inspected.set(sql, inspection)
  return inspection
}

/** A text with none of these words holds nothing to refuse and nothing to rewrite. */
const suspicious =
  /\b(?:copy|set|reset|discard|(?:un)?listen|prepare|execute|deallocate|declare|load|temp|temporary|set_config|pg_(?:try_)?advisory_\w+)\b/i

function inspectStatements(sql: string): Inspection {
  const listening: Listening[] = []
  let rewritten = ''
  let copiedTo = 0
  for (const statement of statements(sql)) {
    const refusal = refuse(statement)
    if (refusal) return { refusal, sql: refusedMarker, listening: [] }
    const change = listeningOf(statement.tokens)
    if (change === undefined) continue
    listening.push(change)
    if (change.kind === 'listen') continue
    // Passed on as it is, it would deafen the other connections; a channel that nobody listens to gives
    // the same answer and changes nothing.
    rewritten += `${sql.slice(copiedTo, statement.start)}UNLISTEN "-"`
    copiedTo = statement.end
  }
  return { sql: rewritten + sql.slice(copiedTo), listening }
}

function listeningOf(tokens: readonly Token[]): Listening | undefined {
  const [command, channel] = tokens
  if (command?.kind !== 'word' || tokens.length !== 2 || channel === undefined) return undefined
  if (command.text === 'listen' && isIdentifier(channel)) {
    return { kind: 'listen', channel: truncated(channel.text) }
  }
  if (command.text !== 'unlisten') return undefined
  if (isIdentifier(channel)) return { kind: 'unlisten', channel: truncated(channel.text) }
  return channel.text === '*' ? { kind: 'unlisten', channel: undefined } : undefined
}

function isIdentifier(token: Token): boolean {
  return token.kind === 'word' || token.kind === 'name'
}

/** Identifiers are cut at 63 bytes (NAMEDATALEN - 1), never within a character. */
function truncated(name: string): string {
  let cut = name
  while (Buffer.byteLength(cut) > 63) cut = cut.slice(0, -1)
  return cut
}

function refuse({ tokens }: Statement): Refusal | undefined {
  const words = tokens.slice(0, 4).map((token) => (token.kind === 'word' ? token.text : ''))
  const [command, second = '', third = ''] = words
  switch (command) {
    case 'copy':
      return notHere('COPY', 'Insert many rows with INSERT … SELECT FROM unnest($1::…[], …).')
    case 'set':
      if (['local', 'transaction', 'constraints'].includes(second)) return undefined
      return notHere('SET without LOCAL', 'Use SET LOCAL, or set_config(…, true), in a transaction.')
    case 'reset':
    case 'discard':
    case 'load':
      return notHere(command.toUpperCase(), 'The session is shared, and keeps its settings.')
    case 'prepare':
    case 'execute':
    case 'deallocate':
      return notHere(command.toUpperCase(), 'Name the statement in the driver: { name, text, values }.')
    case 'create':
      if (![second, third].some((each) => each === 'temp' || each === 'temporary')) break
      if (tokens.some((token, i) => token.text === 'commit' && tokens[i + 1]?.text === 'drop')) break
      return notHere('A temporary table that outlives its transaction', 'Add ON COMMIT DROP.')
    case 'declare':
      if (!tokens.some((token, i) => token.text === 'with' && tokens[i + 1]?.text === 'hold')) break
      return notHere('A cursor WITH HOLD', 'Read the cursor within its transaction.')
  }
  return refuseCalls(tokens)
}

function refuseCalls(tokens: readonly Token[]): Refusal | undefined {
  for (const [i, token] of tokens.entries()) {
    if (!isIdentifier(token) || tokens[i + 1]?.text !== '(') continue
    if (/^pg_(?:try_)?advisory_lock(?:_shared)?$/.test(token.text)) {
      return notHere('A session-level advisory lock', 'Use pg_advisory_xact_lock in a transaction.')
    }
    if (token.text === 'set_config' && isFalse(lastArgument(tokens, i + 1))) {
      return notHere('set_config for the whole session', 'Pass true as its third argument, in a transaction.')
    }
  }
  return undefined
}

function lastArgument(tokens: readonly Token[], open: number): Token | undefined {
  let depth = 0
  for (let i = open; i < tokens.length; i++) {
    const token = tokens[i]!
    if (token.kind !== 'symbol') continue
    if (token.text === '(') depth++
    if (token.text === ')' && --depth === 0) return tokens[i - 1]
  }
  return undefined
}

/** A parameter's value is not known here; such a call passes. */
function isFalse(token: Token | undefined): boolean {
  return (token?.kind === 'word' || token?.kind === 'string') && /^(?:f|false|off|no|n|0)$/i.test(token.text)
}

function notHere(what: string, instead: string): Refusal {
  return {
    code: '0A000',
    message: `${what} is not available in the embedded database, where all connections share one session.`,
    hint: `${instead} Or set DATABASE_URL to use a PostgreSQL server.`,
  }
}
