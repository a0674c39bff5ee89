/**
 * The schema's builder, made once. Each file beside this one holds a type with its queries, mutations or
 * subscriptions; `schema.ts` imports them all.
 */
import SchemaBuilder from '@pothos/core'
import ComplexityPlugin from '@pothos/plugin-complexity'
import DataloaderPlugin from '@pothos/plugin-dataloader'
import ErrorsPlugin from '@pothos/plugin-errors'
import RelayPlugin from '@pothos/plugin-relay'
import TracingPlugin, { isRootField } from '@pothos/plugin-tracing'
import type { RequestContext } from './context.ts'
import { costsNothing, fieldCost, ofItsPage } from './field-cost.ts'
import { tracedField } from './root-fields.ts'
import type { GeoJson } from './scalars.ts'
import { errorTold } from './told-errors.ts'

/** Of what is read page by page. */
export const placeOfEdge = 'Its place in the order, to go on from.'

export const builder = new SchemaBuilder<{
  Context: RequestContext
  DefaultFieldNullability: false
  DefaultEdgesNullability: { list: false; items: false }
  DefaultNodeNullability: false
  Scalars: {
    ID: { Input: string; Output: string }
    /** Milliseconds since 1970. */
    DateTime: { Input: number; Output: number }
    Latitude: { Input: number; Output: number }
    Longitude: { Input: number; Output: number }
    GeoJSON: { Input: never; Output: GeoJson }
    JSON: { Input: never; Output: unknown }
    Cursor: { Input: string; Output: string }
  }
}>({
  plugins: [ErrorsPlugin, RelayPlugin, DataloaderPlugin, ComplexityPlugin, TracingPlugin],
  defaultFieldNullability: false,
  // Fields only say what they cost: it is judged before anything is executed, on every road (`cost.ts`).
  complexity: { disabled: true, fieldComplexity: fieldCost },
  tracing: { default: isRootField, wrap: (resolve, _, field) => tracedField(resolve, field) },
  errors: {
    directResult: true,
    onResolvedError: errorTold,
    defaultTypes: [],
    defaultUnionOptions: {
      description: 'What the mutation answers where it was accepted, or one of the errors that it can have.',
      name: ({ fieldName }) => `${fieldName[0]?.toUpperCase()}${fieldName.slice(1)}Result`,
    },
  },
  relay: {
    cursorType: 'String',
    edgesFieldOptions: {
      nullable: { list: false, items: false },
      complexity: costsNothing,
      description: 'What is on the page, each with its cursor.',
    },
    nodeFieldOptions: { nullable: false, description: 'What stands at this place.' },
    cursorFieldOptions: { description: placeOfEdge },
    pageInfoFieldOptions: { complexity: costsNothing, description: 'How to go on from this page.' },
    pageInfoTypeOptions: {
      description: 'Whether there is more before and behind a page, and how to ask for it.',
    },
    hasNextPageFieldOptions: { description: 'There is more behind this page: ask `after` its `endCursor`.' },
    hasPreviousPageFieldOptions: {
      description: 'There is more before this page: ask `before` its `startCursor`.',
    },
    startCursorFieldOptions: { description: 'Of the first on the page; null where it is empty.' },
    endCursorFieldOptions: { description: 'Of the last on the page; null where it is empty.' },
    firstArgOptions: { description: 'How many, from the front.' },
    lastArgOptions: { description: 'How many, from the end. Not with `first`.' },
    afterArgOptions: { description: 'Behind this cursor: the `endCursor` of the page before.' },
    beforeArgOptions: { description: 'Before this cursor: the `startCursor` of the page behind.' },
    nodesOnConnection: { complexity: ofItsPage, description: 'What is on the page, without cursors.' },
    nodesFieldOptions: {
      nullable: { list: false, items: false },
      description: 'What is on the page, without cursors.',
    },
    nodeQueryOptions: false,
    nodesQueryOptions: false,
  },
})

builder.queryType({ description: 'What can be asked. Nothing is changed by it.' })
builder.mutationType({
  description:
    'What can be done. Each answers its payload, or what went wrong, as data; several in one document are carried out one after another.',
})
builder.subscriptionType({
  description: 'What can be followed, over server-sent events or a WebSocket, until either side ends it.',
})
