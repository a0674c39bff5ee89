/** The name under which a browser saves a file: RFC 6266, with RFC 8187 for what ASCII has no letters for. */

/** Characters; the most that file systems take is 255 bytes, of which a character may need four. */
const longestTitle = 50

/** `date` goes in front: many rides have the same title, above all those that nobody gave one. */
export function contentDisposition(date: string, title: string, extension: string): string {
  const name = fileNameOf(title) || 'ride'
  // Programs that know no more than ASCII get the letters without their marks, and nothing that would end the quotes.
  const ascii = fileNameOf(
    name
      .normalize('NFKD')
      .replaceAll(/\p{Mark}/gu, '')
      .replaceAll(/[^\x20-\x7e]+/g, '_'),
  ).replaceAll('%', '_')
  const plain = /[a-z0-9]/i.test(ascii) ? ascii : 'ride'
  const encoded = encodeURIComponent(`${date} ${name}.${extension}`).replaceAll(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return `attachment; filename="${date} ${plain}.${extension}"; filename*=UTF-8''${encoded}`
}

/** The day on which an instant fell in a time zone, as 2026-11-21; by UTC where the zone is unknown. */
export function dayOf(at: Date, timeZone: string | null): string {
  const day = { year: 'numeric', month: '2-digit', day: '2-digit' } as const
  let format: Intl.DateTimeFormat
  try {
    format = new Intl.DateTimeFormat('en', { ...day, timeZone: timeZone ?? 'UTC' })
  } catch (error) {
    // A zone that is newer than the runtime's own table of them.
    if (!(error instanceof RangeError)) throw error
    format = new Intl.DateTimeFormat('en', { ...day, timeZone: 'UTC' })
  }
  const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, value]))
  return [parts.get('year'), parts.get('month'), parts.get('day')].join('-')
}

/** Without what some file system takes for a path or refuses, and without dots and blanks around it. */
export function fileNameOf(title: string): string {
  const allowed = title
    .toWellFormed()
    .replaceAll(/[\p{Control}\p{Format}\p{Line_Separator}\p{Paragraph_Separator}]/gu, ' ')
    .replaceAll(/[/\\:*?"<>|]/g, '-')
    .replaceAll(/\s+/g, ' ')
  return [...allowed]
    .slice(0, longestTitle)
    .join('')
    .replaceAll(/^[\s.]+|[\s.]+$/g, '')
}
