/**
 * XML as GPX and TCX need it: elements told by their local names, a document without entities of its own. It is parsed as a
 * stream, and what is read of a point takes the place of the point's elements as soon as it is closed: the tree of 200,000
 * points with all their elements took 1.2 GB and more as a DOM.
 */

import { SaxesParser } from 'saxes'
import type { RecordedPoint } from './point.ts'

export class Element {
  /** With its prefix, as it stands in the file. */
  readonly tagName: string
  readonly localName: string
  /** Its own text, without that of its children. */
  textContent = ''
  children: Element[] = []
  /** What was read of it, where it is a point of the track: it has no children any more. */
  point: RecordedPoint | undefined
  #attributes: Attributes | undefined
  #namespaces: Namespaces

  constructor(tagName: string, attributes: Attributes, parent?: Element) {
    this.tagName = tagName
    this.localName = tagName.slice(tagName.indexOf(':') + 1)
    this.#attributes = attributes
    this.#namespaces = namespacesWith(attributes, parent === undefined ? noNamespaces : parent.#namespaces)
  }

  /** Null where its prefix was declared nowhere, as exporters forget to. */
  get namespaceURI(): string | null {
    const colon = this.tagName.indexOf(':')
    return this.#namespaces.get(colon < 0 ? '' : this.tagName.slice(0, colon)) ?? null
  }

  getAttribute(name: string): string | null {
    return this.#attributes?.[name] ?? null
  }

  /** Keeps what was read of it, and lets go of the rest. */
  condense(point: RecordedPoint): void {
    this.point = point
    this.children = nothing
    this.textContent = ''
    this.#attributes = undefined
  }
}

/** Shared by all points, so that a point has no array of its own. */
const nothing: Element[] = []

type Attributes = Readonly<Record<string, string>>
/** Addresses by prefix; the default one's is empty. */
type Namespaces = ReadonlyMap<string, string>
const noNamespaces: Namespaces = new Map()

function namespacesWith(attributes: Attributes, outer: Namespaces): Namespaces {
  let own: Map<string, string> | undefined
  for (const name in attributes) {
    if (name !== 'xmlns' && !name.startsWith('xmlns:')) continue
    own ??= new Map(outer)
    own.set(name.slice('xmlns:'.length), attributes[name]!)
  }
  return own ?? outer
}

export type XmlOutcome =
  | { readonly outcome: 'parsed'; readonly root: Element }
  | { readonly outcome: 'refused'; readonly reason: string }

export interface XmlOptions {
  /** Asked of each element that is closed: what is read of it where it is a point, else undefined. */
  readonly readPoint?: (element: Element) => RecordedPoint | undefined
}

/** A GPX file has seven levels, a TCX file eight, and extensions of extensions are rare. */
const deepest = 64

/** Parses a document, whole or in pieces. */
export function parseXml(text: string | Iterable<string>, { readPoint }: XmlOptions = {}): XmlOutcome {
  const parser = new SaxesParser()
  const open: Element[] = []
  let root: Element | undefined
  let isComplete = false

  parser.on('doctype', () => {
    throw new Refusal(
      'The file declares a DOCTYPE or entities, which GPX and TCX never need. Export the activity again.',
    )
  })
  parser.on('opentag', ({ name, attributes }) => {
    if (open.length === deepest) {
      throw new Refusal(
        `The elements of the file are nested more than ${deepest} deep, as in no recording. Export the activity again.`,
      )
    }
    const parent = open.at(-1)
    const element = new Element(name, attributes, parent)
    root ??= element
    parent?.children.push(element)
    open.push(element)
  })
  parser.on('closetag', () => {
    const element = open.pop()
    const point = element && readPoint?.(element)
    if (point !== undefined) element!.condense(point)
  })
  const addText = (text: string): void => {
    const element = open.at(-1)
    if (element !== undefined) element.textContent += text
  }
  parser.on('text', addText)
  parser.on('cdata', addText)
  parser.on('error', ({ message }) => {
    // An entity of HTML in a name: it stays as it is written.
    if (/undefined entity/i.test(message)) return
    // Only at its end is known what it lacks.
    throw new Refusal(
      isComplete
        ? `The file ends too early, at line ${parser.line}: it is truncated. Copy or export it again.`
        : `The file is damaged near line ${parser.line}: it is not whole XML. Copy or export it again.`,
    )
  })

  try {
    for (const piece of typeof text === 'string' ? [text] : text) parser.write(piece)
    isComplete = true
    parser.close()
  } catch (error) {
    if (error instanceof Refusal) return { outcome: 'refused', reason: error.message }
    throw error
  }
  return root === undefined
    ? { outcome: 'refused', reason: 'The file holds no XML element. Copy or export it again.' }
    : { outcome: 'parsed', root }
}

/** The element's children of that name, whatever their namespace's prefix. */
export function childrenNamed({ children }: Element, localName: string): Element[] {
  return children.filter((child) => child.localName === localName)
}

/** The first element of that name anywhere below, or undefined. */
export function descendantNamed({ children }: Element, localName: string): Element | undefined {
  for (const child of children) {
    if (child.localName === localName) return child
    const below = descendantNamed(child, localName)
    if (below !== undefined) return below
  }
  return undefined
}

/** The trimmed text of the first child of that name; undefined where there is none or it is empty. */
export function childText({ children }: Element, localName: string): string | undefined {
  const text = children.find((child) => child.localName === localName)?.textContent.trim()
  return text === '' ? undefined : text
}

/** A decimal number; undefined where the text is absent or none. */
export function numberOf(text: string | null | undefined): number | undefined {
  if (text === null || text === undefined || text.length > longestValue || !decimal.test(text))
    return undefined
  const value = Number(text)
  return Number.isFinite(value) ? value : undefined
}

/** Ten times what a number or a time takes; patterns are slow on megabytes of digits. */
const longestValue = 300

const decimal = /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i

/**
 * An instant in milliseconds since 1970-01-01 UTC. One without a zone is taken as UTC, as GPX and TCX say it
 * is; Date.parse would take it for the local time of the machine that reads the file.
 */
export function instantOf(text: string | undefined): number | undefined {
  if (text === undefined || text.length > longestValue) return undefined
  const zoned = /(Z|[+-]\d\d:?\d\d)$/i.test(text) ? text : `${text}Z`
  const at = Date.parse(zoned)
  return Number.isNaN(at) ? undefined : at
}

/** Ends the parsing; its message is the reason. */
class Refusal extends Error {}
