/** A name that a file has for its ride, as a title that the service takes. */

/** The most characters that the service takes. */
const longestTitle = 200

/** Null where nothing is left of the name. */
export function titleOf(name: string | undefined): string | null {
  // Half a character at the cut, or anywhere else, is dropped whole.
  const cut = (name ?? '').trim().slice(0, longestTitle)
  const whole = cut.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]|\0/g, '')
  return whole.trim() || null
}
