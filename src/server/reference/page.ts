/** The reference of the API as one page, made of the schema alone: one page is what a browser can search. */
import { type GraphQLSchema, isScalarType } from 'graphql'
import { operationEntry, typeEntry } from './entries.ts'
import { type Html, html } from './html.ts'
import { type DocsPaths, layoutOf } from './layout.ts'
import { openingOf } from './opening.ts'
import { type Outline, outlineOf } from './outline.ts'
import { proseOf } from './prose.ts'
import { usesIn } from './uses.ts'

export function pageOf(schema: GraphQLSchema, { paths }: { readonly paths: DocsPaths }): string {
  const outline = outlineOf(schema)
  const prose = proseOf(schema)
  const uses = usesIn(schema)
  return layoutOf({
    title: 'Slipstream API reference',
    description: "Every operation and every type of Slipstream's GraphQL API.",
    paths,
    contents: contentsOf(outline),
    main: html`${openingOf(paths)}
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
)}`,
  })
}

function contentsOf({ chapters, groups }: Outline): Html {
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
  return html`${parts.map(
    ({ id, title, entries }) => html`<p><a href="#${id}">${title}</a></p>
<ul>${entries.map(({ place, name }) => html`<li><a href="#${place}">${name}</a></li>`)}</ul>`,
  )}`
}
