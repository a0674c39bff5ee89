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

const skipped = /(?:\s+|--[^\n\r]*)+/y
const word = /[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*/y
const dollarTag = /\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/y
const plainString = /'((?:[^']|'')*)'?/y
const escapeString = /[eE]'((?:[^'\\]|''|\\[\s\S])*)'?/y
const quotedName = /"((?:[^"]|"")*)"?/y

function* lex(sql: string): Generator<Lexeme> {
  let at = 0
  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at
    return pattern.exec(sql)
  }
  while (at < sql.length) {
    const space = match(skipped)
    if (space) {
      at += space[0].length
      continue
    }
    if (sql.startsWith('/*', at)) {
      at = endOfComment(sql, at)
      continue
    }
    const from = at
    const dollar = match(dollarTag)
    if (dollar) {
      const close = sql.indexOf(dollar[0], at + dollar[0].length)
      at = close < 0 ? sql.length : close + dollar[0].length
      yield { token: { kind: 'string', text: '' }, from, to: at }
      continue
    }
    const string = match(escapeString) ?? match(plainString)
    if (string) {
      at += string[0].length
      yield { token: { kind: 'string', text: string[1]!.replaceAll("''", "'") }, from, to: at }
      continue
    }
    const name = match(quotedName)
    if (name) {
      at += name[0].length
      yield { token: { kind: 'name', text: name[1]!.replaceAll('""', '"') }, from, to: at }
      continue
    }
    const bare = match(word)
    at += bare ? bare[0].length : 1
    const token: Token = bare
      ? { kind: 'word', text: bare[0].toLowerCase() }
      : { kind: 'symbol', text: sql[from]! }
    yield { token, from, to: at }
  }
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
