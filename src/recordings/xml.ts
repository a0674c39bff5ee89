/**
 * XML as GPX and TCX need it: a document without entities, elements told by their local names. A DOCTYPE is
 * refused before the parser sees it: neither format has one, and entities are how an XML file grows in
 * memory.
 */

import { DOMParser, type Element, ParseError } from '@xmldom/xmldom'

export type XmlOutcome =
  | { readonly outcome: 'parsed'; readonly root: Element }
  | { readonly outcome: 'refused'; readonly reason: string }

export function parseXml(text: string): XmlOutcome {
  if (/<!(DOCTYPE|ENTITY)/i.test(text)) {
    return {
      outcome: 'refused',
      reason:
        'The file declares a DOCTYPE or entities, which GPX and TCX never need. Export the activity again.',
    }
  }
  return documentOf(text)
}

/** The element's children of that name, whatever their namespace's prefix. */
export function childrenNamed(parent: Element, localName: string): Element[] {
  const found: Element[] = []
  for (let node = parent.firstChild; node !== null; node = node.nextSibling) {
    if (isElement(node) && node.localName === localName) found.push(node)
  }
  return found
}

/** The first element of that name anywhere below, or undefined. */
export function descendantNamed(parent: Element, localName: string): Element | undefined {
  for (let node = parent.firstChild; node !== null; node = node.nextSibling) {
    if (!isElement(node)) continue
    if (node.localName === localName) return node
    const below = descendantNamed(node, localName)
    if (below !== undefined) return below
  }
  return undefined
}

/** The trimmed text of the first child of that name; undefined where there is none or it is empty. */
export function childText(parent: Element, localName: string): string | undefined {
  const text = childrenNamed(parent, localName)[0]?.textContent?.trim()
  return text === '' ? undefined : text
}

/** A decimal number; undefined where the text is absent or none. */
export function numberOf(text: string | null | undefined): number | undefined {
  if (text === null || text === undefined || text.trim() === '') return undefined
  const value = Number(text)
  return Number.isFinite(value) ? value : undefined
}

/**
 * An instant in milliseconds since 1970-01-01 UTC. One without a zone is taken as UTC, as GPX and TCX say it
 * is; Date.parse would take it for the local time of the machine that reads the file.
 */
export function instantOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const zoned = /(Z|[+-]\d\d:?\d\d)$/i.test(text) ? text : `${text}Z`
  const at = Date.parse(zoned)
  return Number.isNaN(at) ? undefined : at
}

function isElement(node: { readonly nodeType: number }): node is Element {
  return node.nodeType === 1
}

function documentOf(text: string): XmlOutcome {
  // Locations cost as much as the document itself, so they are asked for only where one has to be named.
  const parsed = parse(text, { locator: false })
  if (parsed.root !== undefined) return { outcome: 'parsed', root: parsed.root }
  const end = text.trimEnd().split('\n').length
  const reason = isClosed(text)
    ? `The file is damaged near line ${parse(text, { locator: true }).line ?? end}: it is not whole XML. Copy or export it again.`
    : `The file ends too early, at line ${end}: it is truncated. Copy or export it again.`
  return { outcome: 'refused', reason }
}

/** Whether the end tag of the first element is anywhere in it. */
function isClosed(text: string): boolean {
  const name = /<([\w:.-]+)/.exec(text)?.[1]
  return name !== undefined && text.includes(`</${name}>`)
}

interface Parse {
  readonly root?: Element
  /** Of what stands before the first fault. */
  readonly line?: number | undefined
}

function parse(text: string, { locator }: { locator: boolean }): Parse {
  let line: number | undefined
  const parser = new DOMParser({
    locator,
    onError: (level, message, context: { readonly locator?: { readonly lineNumber: number } }) => {
      // The parser mends an unclosed element with a warning; here it means that the rest of the ride is missing.
      if (level === 'warning' && !/unclosed/i.test(message)) return
      line = context.locator?.lineNumber
      // The parser stops at this first fault, and throws a ParseError of its own.
      throw new Error(message)
    },
  })
  try {
    const root = parser.parseFromString(text, 'text/xml').documentElement
    return root === null ? { line } : { root }
  } catch (error) {
    if (!(error instanceof ParseError)) throw error
    return { line }
  }
}
