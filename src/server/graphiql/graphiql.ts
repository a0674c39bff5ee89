/** GraphiQL, as it opens: a tab of examples for each of those who use the API. */
import { referencePath } from '#server/reference/reference.ts'
import { type ExampleMeans, examplesOf } from './examples.ts'

export interface GraphiqlMeans extends ExampleMeans {
  /** Whether the schema may be asked for: without, GraphiQL knows no fields, and says why. */
  readonly introspection: boolean
}

/** @param address of the page: an operation that it holds (`?query=`) is shown in place of the examples. */
export function graphiqlOf(address: string, { introspection, ...means }: GraphiqlMeans) {
  const begin = introspection ? hint : silent
  const examples = examplesOf(means).map((document) => ({ query: `${begin}\n\n${document}` }))
  return {
    title: 'Slipstream API',
    subscriptionsProtocol: 'WS',
    ...(!new URL(address).searchParams.has('query') && { defaultTabs: examples }),
  } as const
}

const hint = `# Ctrl-Enter runs the operation under the cursor.
# The book icon shows the schema; so does ${referencePath}.`

const silent = `# This server does not tell its schema
# (GRAPHQL_INTROSPECTION=off): nothing is completed and
# explained here. Operations are carried out all the same;
# the schema.graphql of its release says what there is.`
