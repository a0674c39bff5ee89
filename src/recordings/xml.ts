/**
 * XML as GPX and TCX need it: a document without entities, elements told by their local names. A DOCTYPE is
 * refused before the parser sees it: neither format has one, and entities are how an XML file grows in
 * memory.
 */

import { DOMParser, type Document, type Element, ParseError } from '@xmldom/xmldom'

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
  const parsed = documentOf(text)
  if (typeof parsed === 'string') {
    return {
      outcome: 'refused',
      reason: `The file is not whole XML (${parsed}). It may be truncated: copy or export it again.`,
    }
  }
  return { outcome: 'parsed', root: parsed }
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

/** The document's root, or what the parser said against the text. */
function documentOf(text: string): Element | string {
  let document: Document
  try {
    const onError = (level: string, message: string): void => {
      // The parser mends an unclosed element with a warning; here it means that the rest of the ride is
      // missing.
      if (level !== 'warning' || /unclosed/i.test(message)) throw new Error(firstLine(message))
    }
    document = new DOMParser({ onError, locator: false }).parseFromString(text, 'text/xml')
  } catch (error) {
    if (error instanceof ParseError) return firstLine(error.message)
    throw error
  }
  return document.documentElement ?? 'no element in it'
}

function firstLine(message: string): string {
  return message.split('\n', 1)[0]!.slice(0, 120)
}
