/** The reference of the API as one page, made of the schema alone: one page is what a browser can search. */
import { type GraphQLSchema, isScalarType } from 'graphql'
import { operationEntry, typeEntry } from './entries.ts'
import { type Html, html } from './html.ts'
import { type Outline, outlineOf } from './outline.ts'
import { proseOf } from './prose.ts'
import { usesIn } from './uses.ts'

export interface PageOptions {
  /** Where its style and the schema as text are. */
  readonly paths: { readonly style: string; readonly schema: string; readonly graphql: string }
}

export function pageOf(schema: GraphQLSchema, { paths }: PageOptions): string {
  const outline = outlineOf(schema)
  const prose = proseOf(schema)
  const uses = usesIn(schema)
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Slipstream API reference</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="description" content="Every operation and every type of Slipstream's GraphQL API.">
<meta name="color-scheme" content="light dark">
<link rel="icon" type="image/svg+xml" href="/favicon.svg">
<link rel="stylesheet" href="${paths.style}">
</head>
<body>
<a class="skip" href="#content">To the content</a>
<header>
<a class="brand" href="#">Slipstream API</a>
<nav aria-label="Elsewhere"><a class="elsewhere" href="${paths.graphql}">GraphiQL</a> <a class="elsewhere" href="${paths.schema}">schema.graphql</a></nav>
</header>
${contents(outline)}
<main id="content">
<section class="opening">
<h1>API reference</h1>
<p>One address, <code>${paths.graphql}</code>, takes every operation on this page: queries and mutations as a POST of JSON, subscriptions as server-sent events or over a WebSocket (<code>graphql-transport-ws</code>). A program brings its key as <code>Authorization: Bearer slip_…</code>.</p>
<p>A mutation answers its payload or one of the <a href="#errors">errors</a> named with it, as data: ask for <code>… on Error { code message }</code>. A command may be sent again with the same id: it happens once. Units are SI, times RFC 3339, ids UUIDs. <code>!</code> behind a type says that it is never null, and of an argument that it has to be given.</p>
</section>
${outline.chapters.map(
  ({ id, title, about, found }) => html`<section id="${id}">
<h2><a href="#${id}">${title}</a></h2>
<p class="about">${about}</p>
${found.map((operation) => operationEntry(operation, prose))}
</section>`,
)}
${outline.groups.map(
  ({ id, title, types }) => html`<section id="${id}">
<h2><a href="#${id}">${title}</a></h2>
${types.map((type) => typeEntry(type, isScalarType(type) ? [] : (uses.get(type.name) ?? []), prose))}
</section>`,
)}
</main>
</body>
</html>
`.text
}

/** Twice: without a script nothing can be folded on a phone and open on a desk. The style shows one of them. */
function contents({ chapters, groups }: Outline): Html {
  const parts = [
    ...chapters.map(({ id, title, found }) => ({
      id,
      title: title.split(':')[0],
      entries: found.map(({ coordinate, field }) => ({ place: coordinate, name: field.name })),
    })),
    ...groups.map(({ id, title, types }) => ({
      id,
      title,
      entries: id === 'results' ? [] : types.map(({ name }) => ({ place: name, name })),
    })),
  ]
  const list = parts.map(
    ({ id, title, entries }) => html`<p><a href="#${id}">${title}</a></p>
<ul>${entries.map(({ place, name }) => html`<li><a href="#${place}">${name}</a></li>`)}</ul>`,
  )
  return html`<nav class="contents folded" aria-label="Contents"><details><summary>Contents</summary>${list}</details></nav>
<nav class="contents beside" aria-label="Contents">${list}</nav>`
}
