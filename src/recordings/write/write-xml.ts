/** XML as the writers need it. */

/** The element with that text; nothing where there is no value. `name` may hold attributes. */
export function element(name: string, value: string | number | null | undefined): string {
  if (value === null || value === undefined) return ''
  return `<${name}>${typeof value === 'number' ? decimal(value) : escaped(value)}</${name}>`
}

/** Attributes, each with a space before it; nothing for one without a value. */
export function attributes(values: Readonly<Record<string, string | number | undefined>>): string {
  return Object.entries(values)
    .map(([name, value]) => {
      if (value === undefined) return ''
      return ` ${name}="${typeof value === 'number' ? decimal(value) : escaped(value)}"`
    })
    .join('')
}

/** A number as XML Schema's `decimal` takes it: never with an exponent. To nine decimals, a tenth of a millimetre in degrees. */
export function decimal(value: number): string {
  const text = String(value)
  return text.includes('e') ? value.toFixed(9).replace(/\.?0+$/, '') : text
}

/** Milliseconds since 1970 as ISO 8601 in UTC; with milliseconds only where there are any, which some readers stumble at. */
export function instant(at: number): string {
  return new Date(at).toISOString().replace('.000Z', 'Z')
}

/**
 * Text for an element or an attribute, which comes back as it was: white space by number where a parser would make blanks
 * of it, and without the characters that XML 1.0 (2.2) does not know.
 */
export function escaped(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(notXml, '')
    .replaceAll(/[&<>"\t\n\r]/g, (character) => entities[character] ?? `&#${character.charCodeAt(0)};`)
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const notXml = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu
