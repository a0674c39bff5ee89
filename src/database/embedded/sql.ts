/**
 * Reads SQL just deeply enough to tell where statements begin and what words and symbols they are made of,
 * so that nothing is mistaken that stands in a string, a comment, a quoted name or a function's body.
 */

export interface Token {
  readonly kind: 'word' | 'name' | 'string' | 'symbol'
  /** A word in lower case; a quoted name or a string without its quotes; a symbol as it is. */
  readonly text: string
}

export interface Statement {
  readonly tokens: readonly Token[]
  /** Where it stands in the text, in UTF-16 units, its semicolon excluded. */
  readonly start: number
  readonly end: number
}

/** The statements of a text in order; empty ones are left out. An unfinished string or comment ends it. */
export function statements(sql: string): Statement[] {
  const found: Statement[] = []
  let tokens: Token[] = []
  let start = 0
  let end = 0
  let depth = 0
  const finish = () => {
    if (tokens.length > 0) found.push({ tokens, start, end })
    tokens = []
    depth = 0
  }
  for (const { token, from, to } of lex(sql)) {
    if (token.kind === 'symbol') {
      if (token.text === '(') depth++
      if (token.text === ')') depth--
      // Within parentheses a semicolon parts the commands of a rule, not statements.
      if (token.text === ';' && depth <= 0) {
        finish()
        continue
      }
    }
    if (tokens.length === 0) start = from
    end = to
    tokens.push(token)
  }
  finish()
  return found
}

interface Lexeme {
  readonly token: Token
  readonly from: number
  readonly to: number
}

const skipped = /\s+|--[^\n\r]*/y
const word = /[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*/y
const dollarTag = /\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/y

function* lex(sql: string): Generator<Lexeme> {
  let at = 0
  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at
    return pattern.exec(sql)?.[0]
  }
  while (at < sql.length) {
    const space = match(skipped)
    if (space) {
      at += space.length
      continue
    }
    if (sql.startsWith('/*', at)) {
      at = endOfComment(sql, at)
      continue
    }
    const from = at
    const token = tokenAt(sql, at, match)
    at = token.to
    yield { token: token.token, from, to: at }
  }
}

function tokenAt(
  sql: string,
  at: number,
  match: (pattern: RegExp) => string | undefined,
): { token: Token; to: number } {
  const tag = match(dollarTag)
  if (tag !== undefined) {
    const close = sql.indexOf(tag, at + tag.length)
    return { token: { kind: 'string', text: '' }, to: close < 0 ? sql.length : close + tag.length }
  }
  if (sql[at] === "'") return quoted(sql, at, 'string')
  if (sql[at] === '"') return quoted(sql, at, 'name')
  if (/^[eE]'/.test(sql.slice(at, at + 2))) {
    return { token: { kind: 'string', text: '' }, to: endOfEscapeString(sql, at + 2) }
  }
  const bare = match(word)
  if (bare === undefined) return { token: { kind: 'symbol', text: sql[at]! }, to: at + 1 }
  return { token: { kind: 'word', text: bare.toLowerCase() }, to: at + bare.length }
}

/** Between two of the quote at `open`, which is itself written twice. Regular expressions overflow on long ones. */
function quoted(sql: string, open: number, kind: 'string' | 'name'): { token: Token; to: number } {
  const quote = sql[open]!
  let close = sql.indexOf(quote, open + 1)
  while (close >= 0 && sql[close + 1] === quote) close = sql.indexOf(quote, close + 2)
  if (close < 0) close = sql.length
  const text = sql.slice(open + 1, close).replaceAll(quote + quote, quote)
  return { token: { kind, text }, to: close + 1 }
}

function endOfEscapeString(sql: string, start: number): number {
  let at = start
  while (at < sql.length && (sql[at] !== "'" || sql[at + 1] === "'")) {
    at += sql[at] === '\\' || sql[at] === "'" ? 2 : 1
  }
  return at + 1
}

/** PostgreSQL's block comments nest. */
function endOfComment(sql: string, start: number): number {
  let depth = 0
  let at = start
  do {
    if (sql.startsWith('/*', at)) {
      depth++
      at += 2
    } else if (sql.startsWith('*/', at)) {
      depth--
      at += 2
    } else at++
  } while (depth > 0 && at < sql.length)
  return at
}
