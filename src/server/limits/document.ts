/**
 * How large a document may be: judged by its shape, before it is validated, so that a hostile one costs no more than its parsing.
 * What an operation asks for in all is judged by its cost (`#api/cost.ts`), which knows the schema and the variables.
 */
import {
  type DefinitionNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type SelectionSetNode,
  visit,
} from 'graphql'

export interface DocumentLimits {
  /** Comments, commas and all. */
  readonly characters: number
  /** Names, values and punctuators; a document is not read further. */
  readonly tokens: number
  /** Fields within fields, fragments counted where they are spread. */
  readonly depth: number
  /** In the whole document, as are directives. */
  readonly aliases: number
  readonly directives: number
  /** Of one operation, fragments counted where they are spread. */
  readonly rootFields: number
  /** Values that come with it: a document of so many tokens cannot declare more. */
  readonly variables: number
}

/**
 * The introspection of GraphiQL and of code generators has 184 tokens and a depth of 15, the largest document of the web app a
 * hundred tokens and a depth of 5. The parser runs out of stack between 1,000 and 2,000 brackets in each other.
 */
export const documentLimits: DocumentLimits = {
  characters: 65_536,
  tokens: 2_000,
  depth: 20,
  aliases: 50,
  directives: 50,
  rootFields: 20,
  variables: 1_000,
}

/** What is too much, and what to do; undefined where nothing is. The document need not be valid. */
export function tooMuchIn(
  document: DocumentNode,
  limits: DocumentLimits = documentLimits,
): string | undefined {
  const { aliases, directives } = counted(document)
  if (aliases > limits.aliases) {
    return `The document has ${aliases} aliases; at most ${limits.aliases} are taken. Send several requests.`
  }
  if (directives > limits.directives) {
    return `The document has ${directives} directives; at most ${limits.directives} are taken. Leave some out.`
  }
  const measure = measuring(document)
  for (const definition of document.definitions) {
    if (!('selectionSet' in definition)) continue
    const { depth, fields } = measure(definition.selectionSet)
    if (depth > limits.depth) {
      return `The document has fields within fields ${depth} deep; at most ${limits.depth} are taken. Ask for less at a time.`
    }
    if (isOperation(definition) && fields > limits.rootFields) {
      return `The operation has ${fields} fields of ${definition.operation}; at most ${limits.rootFields} are taken. Send several requests.`
    }
  }
  return undefined
}

/** Why a request is not looked at any further, as it came. */
export function tooMuchToRead({ query, variables }: AsItCame): string | undefined {
  return (typeof query === 'string' ? tooLong(query) : undefined) ?? tooManyVariables(variables)
}

export interface AsItCame {
  readonly query?: unknown
  readonly variables?: unknown
}

export function tooLong(
  { length }: string,
  { characters }: Pick<DocumentLimits, 'characters'> = documentLimits,
): string | undefined {
  if (length <= characters) return undefined
  return `The document has ${length} characters; at most ${characters} are taken. Send values as variables.`
}

function tooManyVariables(
  variables: unknown,
  { variables: most }: Pick<DocumentLimits, 'variables'> = documentLimits,
): string | undefined {
  if (typeof variables !== 'object' || variables === null) return undefined
  let count = 0
  for (const _ in variables) {
    if (++count > most) {
      return `The request has over ${most} variables. Leave out those that the document does not declare.`
    }
  }
  return undefined
}

/** Whether it asks for the schema; `__typename` does not. */
export function asksForSchema(document: DocumentNode): boolean {
  let asks = false
  visit(document, {
    Field({ name: { value } }) {
      if (value === '__schema' || value === '__type') asks = true
    },
  })
  return asks
}

function isOperation(definition: DefinitionNode) {
  return definition.kind === Kind.OPERATION_DEFINITION
}

function counted(document: DocumentNode): { readonly aliases: number; readonly directives: number } {
  let aliases = 0
  let directives = 0
  visit(document, {
    Field({ alias }) {
      if (alias !== undefined) aliases++
    },
    Directive() {
      directives++
    },
  })
  return { aliases, directives }
}

interface Measure {
  readonly depth: number
  /** At its top. */
  readonly fields: number
}

const nothing: Measure = { depth: 0, fields: 0 }

/** Each fragment is measured once, however often it is spread: nested in each other, a few make billions of fields. */
function measuring({ definitions }: DocumentNode): (set: SelectionSetNode | undefined) => Measure {
  const fragments = new Map<string, FragmentDefinitionNode>()
  for (const definition of definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition)
  }
  const known = new Map<SelectionSetNode, Measure>()

  return function measure(set) {
    if (set === undefined) return nothing
    const one = known.get(set)
    if (one !== undefined) return one
    // One that spreads itself is not valid, and validation says so; here it must only come to an end.
    known.set(set, nothing)
    let depth = 0
    let fields = 0
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) {
        depth = Math.max(depth, 1 + measure(selection.selectionSet).depth)
        fields++
        continue
      }
      const inner = measure(
        selection.kind === Kind.FRAGMENT_SPREAD
          ? fragments.get(selection.name.value)?.selectionSet
          : selection.selectionSet,
      )
      depth = Math.max(depth, inner.depth)
      fields += inner.fields
    }
    const made = { depth, fields }
    known.set(set, made)
    return made
  }
}
