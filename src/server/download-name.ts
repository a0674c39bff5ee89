/** The name under which a browser saves a file: RFC 6266, with RFC 8187 for what ASCII has no letters for. */

/** Characters; the most that file systems take is 255 bytes, of which a character may need four. */
const longestName = 60

export function contentDisposition(title: string, extension: string): string {
  const name = fileNameOf(title) || 'ride'
  // Programs that know no more than ASCII get the letters without their marks, and nothing that would end the quotes.
  const ascii = fileNameOf(
    name
      .normalize('NFKD')
      .replaceAll(/\p{Mark}/gu, '')
      .replaceAll(/[^\x20-\x7e]+/g, '_'),
  ).replaceAll('%', '_')
  const plain = /[a-z0-9]/i.test(ascii) ? ascii : 'ride'
  const encoded = encodeURIComponent(`${name}.${extension}`).replaceAll(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return `attachment; filename="${plain}.${extension}"; filename*=UTF-8''${encoded}`
}

/** Without what some file system takes for a path or refuses, and without dots and blanks around it. */
function fileNameOf(title: string): string {
  const allowed = title
    .toWellFormed()
    .replaceAll(/[\p{Control}\p{Format}\p{Line_Separator}\p{Paragraph_Separator}]/gu, ' ')
    .replaceAll(/[/\\:*?"<>|]/g, '-')
    .replaceAll(/\s+/g, ' ')
  return [...allowed]
    .slice(0, longestName)
    .join('')
    .replaceAll(/^[\s.]+|[\s.]+$/g, '')
}
