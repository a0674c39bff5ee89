/** Descriptions as they are written in the schema, with what they name as links. */
import { type GraphQLSchema, isEnumType } from 'graphql'
import { type Html, html } from './html.ts'
import { operationsOf } from './outline.ts'

export interface Prose {
  /** In paragraphs. */
  paragraphs(description: string | null | undefined): Html
  /** In one line. */
  line(text: string): Html
}

/** What is written in capitals in a sentence: codes of errors, where a ride stands, and who may see it. */
const enumsInSentences = ['RideStatus', 'Visibility', 'ErrorCode']

export function proseOf(schema: GraphQLSchema): Prose {
  const places = new Map<string, string>()
  for (const name of Object.keys(schema.getTypeMap())) places.set(name, name)
  for (const { field, coordinate } of operationsOf(schema)) places.set(field.name, coordinate)
  for (const name of enumsInSentences) {
    const type = schema.getType(name)
    if (!isEnumType(type)) continue
    for (const value of type.getValues()) places.set(value.name, `${name}.${value.name}`)
  }

  function line(text: string): Html {
    return html`${text.split(/(`[^`]+`|\b[A-Z]+(?:_[A-Z]+)*\b)/).map((piece, index) => {
      if (index % 2 === 0) return piece
      const isCode = piece.startsWith('`')
      const name = isCode ? piece.slice(1, -1) : piece
      const place = places.get(name)
      // What is in capitals and no name of the schema is a word like any other: SI, ISO.
      if (place === undefined) return isCode ? html`<code>${name}</code>` : piece
      return html`<a href="#${place}"><code>${name}</code></a>`
    })}`
  }

  function paragraphs(description: string | null | undefined): Html {
    const parts = (description ?? '').split(/\n\s*\n/).filter((part) => part.trim() !== '')
    return html`${parts.map((part) => html`<p>${line(part.replaceAll('\n', ' '))}</p>`)}`
  }

  return { paragraphs, line }
}
