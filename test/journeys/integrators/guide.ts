/**
 * A guide in Markdown as what it says is to be done and seen. Its fenced blocks are of three kinds: `sh` is run; the `text` or `json`
 * that comes next is what it prints; `console` is for another shell, and only shown. Others are a mistake, for nobody would notice
 * that they have become wrong.
 */

export interface Step {
  /** Of its first line in the file, from 1. */
  readonly line: number
  readonly script: string
  /** Undefined: it prints nothing. */
  readonly expected: Expected | undefined
}

export interface Expected {
  readonly kind: 'text' | 'json'
  readonly text: string
}

const fence = /^```(\S*)[^\S\n]*\n(.*?)^```[^\S\n]*$/gms

export function readGuide(markdown: string): Step[] {
  const steps: Step[] = []
  for (const { 1: kind = '', 2: text = '', index } of markdown.matchAll(fence)) {
    const line = markdown.slice(0, index).split('\n').length + 1
    const last = steps.at(-1)
    switch (kind) {
      case 'sh':
        steps.push({ line, script: text, expected: undefined })
        break
      case 'text':
      case 'json':
        if (last === undefined || last.expected !== undefined) {
          throw new Error(`Line ${line}: before this stands nothing that is still to be answered`)
        }
        steps[steps.length - 1] = { ...last, expected: { kind, text } }
        break
      case 'console':
        break
      default:
        throw new Error(`Line ${line}: nobody knows whether a block of '${kind}' is right`)
    }
  }
  return steps
}

/** What is wrong with what was printed; undefined where nothing is. */
export function faultOf({ expected }: Pick<Step, 'expected'>, printed: string): string | undefined {
  if (expected === undefined) return printed === '' ? undefined : `It was to print nothing:\n${printed}`
  const isRight =
    expected.kind === 'json'
      ? isJsonLike(expected.text, printed)
      : patternOf(expected.text).test(`${printed.trimEnd()}\n`)
  return isRight ? undefined : `Expected:\n${expected.text}\nPrinted:\n${printed}`
}

/** `…` is whatever varies: in a line some of it, as a line of its own any lines. */
function patternOf(text: string): RegExp {
  const lines = text
    .trimEnd()
    .split('\n')
    .map((line) => (line.trim() === '…' ? String.raw`(?:.*\n)*` : `${escaped(line)}\n`))
  return new RegExp(`^${lines.join('')}$`)
}

function escaped(line: string): string {
  return line
    .split('…')
    .map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`))
    .join('.*?')
}

function isJsonLike(expected: string, printed: string): boolean {
  try {
    return isLike(JSON.parse(expected), JSON.parse(printed))
  } catch {
    return false
  }
}

/** A text of `…` alone is any value; at the end of an array it is whatever else there is. */
function isLike(expected: unknown, found: unknown): boolean {
  if (expected === '…') return found !== null
  if (typeof expected === 'string') {
    return typeof found === 'string' && new RegExp(`^${escaped(expected)}$`).test(found)
  }
  if (Array.isArray(expected)) return Array.isArray(found) && areLike(expected, found)
  if (typeof expected !== 'object' || expected === null) return expected === found
  if (typeof found !== 'object' || found === null || Array.isArray(found)) return false
  const values = new Map<string, unknown>(Object.entries(found))
  const wanted = Object.entries(expected)
  return (
    wanted.length === values.size &&
    wanted.every(([name, value]) => values.has(name) && isLike(value, values.get(name)))
  )
}

function areLike(expected: readonly unknown[], found: readonly unknown[]): boolean {
  const isOpen = expected.at(-1) === '…'
  const items = isOpen ? expected.slice(0, -1) : expected
  const isLong = isOpen ? found.length >= items.length : found.length === items.length
  return isLong && items.every((item, index) => isLike(item, found[index]))
}
