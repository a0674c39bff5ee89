/** What all pages of /docs have in common: no script, and a list of contents beside the text or folded above it. */
import { type Html, html, type Part } from './html.ts'

export interface DocsPaths {
  readonly style: string
  /** The schema as text. */
  readonly schema: string
  readonly graphql: string
  readonly reference: string
  readonly guide: string
  /** Whether the reference and the schema as text are there. */
  readonly isSchemaTold: boolean
}

export interface Layout {
  readonly title: string
  readonly description: string
  readonly paths: DocsPaths
  readonly contents: Part
  readonly main: Part
}

export function layoutOf({ title, description, paths, contents, main }: Layout): string {
  const elsewhere = [
    { path: paths.guide, name: 'Guide' },
    ...(paths.isSchemaTold ? [{ path: paths.reference, name: 'Reference' }] : []),
    { path: paths.graphql, name: 'GraphiQL' },
    ...(paths.isSchemaTold ? [{ path: paths.schema, name: 'Schema' }] : []),
  ]
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>${title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="description" content="${description}">
<meta name="color-scheme" content="light dark">
<link rel="icon" type="image/svg+xml" href="/favicon.svg">
<link rel="stylesheet" href="${paths.style}">
</head>
<body>
<a class="skip" href="#content">To the content</a>
<header>
<a class="brand" href="/">Slipstream</a>
<nav aria-label="The API">${elsewhere.map(({ path, name }) => html`<a class="elsewhere" href="${path}">${name}</a> `)}</nav>
</header>
${twice(contents)}
<main id="content">
${main}
</main>
</body>
</html>
`.text
}

/** Without a script nothing can be folded on a phone and open on a desk. The style shows one of them. */
function twice(contents: Part): Html {
  return html`<nav class="contents folded" aria-label="Contents"><details><summary>Contents</summary>${contents}</details></nav>
<nav class="contents beside" aria-label="Contents">${contents}</nav>`
}
